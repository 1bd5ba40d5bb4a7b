package dev.lentil.metrics;

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
  private static final int MAX_STEPS = 200;
  private static final double FLAT = 1e-12;
  private static final double SMALL = 1e-14;
  private static final double FARTHEST = 100;

  /**
   * Maximum likelihood.
   *
   * @return absent where there is no maximum: a threshold separates the classes, or all probabilities are equal
   * @throws IllegalArgumentException if one of the classes has no sample
   */
  public static Optional<LogisticCalibration> fit(int[] labels, double[] probabilities) {
    Labels.requireBothClasses(labels, probabilities, "A calibration");
    var z = LogOdds.of(probabilities);
    if (separable(labels, z)) {
      return Optional.empty();
    }
    double a = 0;
    double b = 0;
    double loss = loss(labels, z, a, b);
    for (int step = 0; step < MAX_STEPS; step++) {
      double ga = 0;
      double gb = 0;
      double haa = 0;
      double hab = 0;
      double hbb = 0;
      for (int i = 0; i < z.length; i++) {
        double p = LogOdds.probability(a + b * z[i]);
        double curvature = p * (1 - p);
        ga += p - labels[i];
        gb += (p - labels[i]) * z[i];
        haa += curvature;
        hab += curvature * z[i];
        hbb += curvature * z[i] * z[i];
      }
      // Newton's step of a convex function, halved until it does not overshoot
      double determinant = haa * hbb - hab * hab;
      double da = (hbb * ga - hab * gb) / determinant;
      double db = (haa * gb - hab * ga) / determinant;
      double length = 1;
      double moved = loss(labels, z, a - da, b - db);
      // near the minimum the loss is flat to its last digits long before the step is small: there it decides nothing
      while (!(moved <= loss + FLAT * loss) && length > FLAT) {
        length /= 2;
        moved = loss(labels, z, a - length * da, b - length * db);
      }
      a -= length * da;
      b -= length * db;
      loss = moved;
      if (Math.hypot(da, db) <= SMALL * Math.hypot(a, b)) {
        break;
      }
    }
    return Optional.of(new LogisticCalibration(a, b));
  }

  /**
   * Calibration in the large: the intercept that fits best while the slope stays 1. Below 0 the probabilities are too high
   * on the whole.
   *
   * @throws IllegalArgumentException if one of the classes has no sample
   */
  public static double inTheLarge(int[] labels, double[] probabilities) {
    Labels.requireBothClasses(labels, probabilities, "A calibration");
    var z = LogOdds.of(probabilities);
    return LogOdds.root(intercept -> {
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

  private static double loss(int[] labels, double[] z, double a, double b) {
    double loss = 0;
    for (int i = 0; i < z.length; i++) {
      double u = a + b * z[i];
      // log(1 + e^u) - y u, without overflow
      loss += Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u))) - labels[i] * u;
    }
    return loss;
  }
}
