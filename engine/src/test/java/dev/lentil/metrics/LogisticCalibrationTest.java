package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogisticCalibrationTest {
  /** What recalibration leaves is calibrated on the data that it was fitted on. */
  @Test
  void appliedToItsOwnDataItIsPerfect() {
    for (var c : MetricVectors.cases()) {
      LogisticCalibration.fit(c.labels(), c.model(0)).ifPresent(fit -> {
        var again = Arrays.stream(c.model(0)).map(fit::apply).toArray();
        assertEquals(0, LogisticCalibration.inTheLarge(c.labels(), again), 1e-9, c.name());
        assertEquals(1, LogisticCalibration.fit(c.labels(), again).orElseThrow().slope(), 1e-9, c.name());
      });
    }
  }

  /** Weights on the positives multiply all odds: the intercept takes it back, a temperature cannot. */
  @Test
  void takesBackWhatClassWeightsDo() {
    var c = MetricVectors.cases().getFirst();
    var fair = LogisticCalibration.fit(c.labels(), c.model(0)).orElseThrow();
    var weighted = Arrays.stream(c.model(0)).map(p -> 4 * p / (1 - p)).map(odds -> odds / (1 + odds)).toArray();
    var fit = LogisticCalibration.fit(c.labels(), weighted).orElseThrow();
    assertEquals(fair.intercept() - fair.slope() * Math.log(4), fit.intercept(), 1e-9);
    assertEquals(fair.slope(), fit.slope(), 1e-9);
  }

  /** At the maximum the errors sum to 0, and so do the errors times log odds. */
  @Test
  void theScoreEquationsHold() {
    var random = new Random(4);
    double worst = 0;
    for (int n : new int[] {50, 1500, 20_000}) {
      var labels = new int[n];
      var probabilities = new double[n];
      for (int i = 0; i < n; i++) {
        labels[i] = random.nextDouble() < 0.2 ? 1 : 0;
        probabilities[i] = LogOdds.probability(random.nextGaussian() + 1.5 * labels[i]);
      }
      var fit = LogisticCalibration.fit(labels, probabilities).orElseThrow();
      double errors = 0;
      double weighted = 0;
      for (int i = 0; i < n; i++) {
        double error = fit.apply(probabilities[i]) - labels[i];
        errors += error;
        weighted += error * LogOdds.of(probabilities[i]);
      }
      worst = Math.max(worst, Math.max(Math.abs(errors), Math.abs(weighted)) / n);
    }
    System.out.println("score equations of the calibration line: worst error of a mean " + worst);
    assertTrue(worst < 1e-13, "worst " + worst);
  }

  @Test
  void absentWhereThereIsNoMaximum() {
    assertTrue(LogisticCalibration.fit(new int[] {0, 0, 1, 1}, new double[] {0.1, 0.2, 0.8, 0.9}).isEmpty());
    assertTrue(LogisticCalibration.fit(new int[] {0, 0, 1, 1}, new double[] {0.1, 0.2, 0.2, 0.9}).isEmpty());
    assertTrue(LogisticCalibration.fit(new int[] {1, 0, 1, 0}, new double[] {0.1, 0.2, 0.1, 0.9}).isEmpty());
    assertTrue(LogisticCalibration.fit(new int[] {0, 1}, new double[] {0.5, 0.5}).isEmpty());
    assertTrue(LogisticCalibration.fit(new int[] {0, 1, 0}, new double[] {0.1, 0.5, 0.9}).isPresent());
  }

  @Test
  void needsBothClasses() {
    assertThrows(IllegalArgumentException.class, () -> LogisticCalibration.fit(new int[2], new double[2]));
    assertThrows(IllegalArgumentException.class, () -> LogisticCalibration.inTheLarge(new int[2], new double[2]));
  }
}
