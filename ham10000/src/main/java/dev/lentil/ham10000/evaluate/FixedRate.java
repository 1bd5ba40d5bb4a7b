package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.evaluate.Evaluation.OperatingPoint;
import dev.lentil.ham10000.evaluate.Evaluation.Origin;
import dev.lentil.metrics.RocCurve;
import java.util.ArrayList;
import java.util.List;

/**
 * Sensitivity where the specificity is fixed, or the reverse.
 *
 * @param held which of the two is fixed
 * @param target its least value, reached on validation
 * @param point the threshold from validation, and what it does on test
 * @param onTestRoc the other rate as read off the test images' own ROC curve: what the literature mostly quotes, and
 *     optimistic, since it chooses the threshold on test
 */
public record FixedRate(Rate held, double target, OperatingPoint point, double onTestRoc) {
  private static final List<Double> TARGETS = List.of(0.8, 0.9, 0.95);

  /** What is held fixed. */
  public enum Rate {
    SPECIFICITY, SENSITIVITY;

    @Override
    public String toString() {
      return this == SPECIFICITY ? "specificity" : "sensitivity";
    }
  }

  static List<FixedRate> of(Predictions validation, Predictions test, RocCurve roc) {
    var sweep = ThresholdSweep.atEveryScore(validation);
    var rates = new ArrayList<FixedRate>();
    for (double target : TARGETS) {
      rates.add(new FixedRate(Rate.SPECIFICITY, target,
          point(Rate.SPECIFICITY, target, sweep.atSpecificity(target), test),
          roc.points().stream().filter(p -> 1 - p.falsePositiveRate() >= target)
              .mapToDouble(RocCurve.Point::truePositiveRate).max().orElse(0)));
    }
    for (double target : TARGETS) {
      rates.add(new FixedRate(Rate.SENSITIVITY, target,
          point(Rate.SENSITIVITY, target, sweep.atSensitivity(target), test),
          roc.points().stream().filter(p -> p.truePositiveRate() >= target)
              .mapToDouble(p -> 1 - p.falsePositiveRate()).max().orElse(0)));
    }
    return rates;
  }

  private static OperatingPoint point(Rate rate, double target, ThresholdSweep.Point chosen, Predictions test) {
    return OperatingPoint.of(rate + " " + target, Origin.VALIDATION, chosen.threshold(), test);
  }
}
