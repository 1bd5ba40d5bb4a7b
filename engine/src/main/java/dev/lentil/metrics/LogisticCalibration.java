package dev.lentil.metrics;

import java.util.Arrays;
import java.util.Optional;

/**
 * Logistic regression of the labels on the log odds of a model's probabilities: logit P = intercept + slope * logit p.
 *
 * <p>Fitted on the data that a model is judged by, the two numbers describe its calibration (Cox, Biometrika 45:562, 1958):
 * perfect is 0 and 1, a slope below 1 is overconfidence. Fitted on validation and applied to others it is Platt's scaling
 * (Platt, Advances in Large Margin Classifiers, 1999, without his smoothed targets), which unlike a temperature also moves
 * all probabilities up or down.
 */
public record LogisticCalibration(double intercept, double slope) {
  /** Intercepts are looked for from -100 to 100; log odds themselves end at 17, see {@link LogOdds}. */
  private static final double FARTHEST = 100;

  /**
   * Maximum likelihood.
   *
   * @return absent where there is no maximum: a threshold separates the classes, or all probabilities are equal
   * @throws IllegalArgumentException if one of the classes has no sample
   */
  public static Optional<LogisticCalibration> fit(int[] labels, double[] probabilities) {
    Labels.requireBothClasses(labels, probabilities, "a calibration");
    var z = LogOdds.of(probabilities);
    if (separable(labels, z)) {
      return Optional.empty();
    }
    var rows = Arrays.stream(z).mapToObj(x -> new double[] {x}).toArray(double[][]::new);
    double[] line = LogisticRegression.maximumLikelihood(rows, labels).line();
    return Optional.of(new LogisticCalibration(line[1], line[0]));
  }

  /**
   * Calibration in the large: the intercept that fits best while the slope stays 1. Below 0 the probabilities are too high
   * on the whole.
   *
   * @throws IllegalArgumentException if one of the classes has no sample
   */
  public static double inTheLarge(int[] labels, double[] probabilities) {
    Labels.requireBothClasses(labels, probabilities, "a calibration");
    var z = LogOdds.of(probabilities);
    return Bisection.root(intercept -> {
      double excess = 0;
      for (int i = 0; i < z.length; i++) {
        excess += LogOdds.probability(intercept + z[i]) - labels[i];
      }
      return excess;
    }, -FARTHEST, FARTHEST);
  }

  /** The recalibrated probability. */
  public double apply(double probability) {
    return LogOdds.probability(intercept + slope * LogOdds.of(probability));
  }

  private static boolean separable(int[] labels, double[] z) {
    var least = new double[] {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    var most = new double[] {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (int i = 0; i < z.length; i++) {
      least[labels[i]] = Math.min(least[labels[i]], z[i]);
      most[labels[i]] = Math.max(most[labels[i]], z[i]);
    }
    return most[0] <= least[1] || most[1] <= least[0];
  }
}
