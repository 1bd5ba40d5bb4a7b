package dev.lentil.metrics;

import java.util.Arrays;

/**
 * Logistic regression on a few features.
 *
 * <p>Features are standardised by their mean and population standard deviation in the training data; a constant feature
 * gets weight 0. Minimises sum of log losses + penalty/2 |w|^2 (the intercept is free; scikit-learn's {@code C} is
 * 1/penalty) by Newton's method with step halving, that is iteratively reweighted least squares. No randomness.
 */
public final class LogisticRegression {
  private static final int MAX_STEPS = 200;
  /** Relative to the loss: what rounding alone may add to it. No step is halved to less than this of itself. */
  private static final double FLAT = 1e-12;
  /** Relative to the weights; the step after one as small would be about its square. */
  private static final double SMALL = 1e-10;

  private final double[] mean;
  private final double[] scale;
  private final double[] weights;

  private LogisticRegression(double[] mean, double[] scale, double[] weights) {
    this.mean = mean;
    this.scale = scale;
    this.weights = weights;
  }

  /**
   * Fits a model.
   *
   * @param features {@code [sample][feature]}
   * @param labels 0 or 1
   * @param penalty of the squared weights, above 0: it keeps separable data from running to infinity
   */
  public static LogisticRegression fit(double[][] features, int[] labels, double penalty) {
    if (!(penalty > 0)) {
      throw new IllegalArgumentException("the penalty must be above 0, not " + penalty);
    }
    return fitted(features, labels, penalty);
  }

  /** Without a penalty, for data that no plane separates: others have no maximum. */
  static LogisticRegression maximumLikelihood(double[][] features, int[] labels) {
    return fitted(features, labels, 0);
  }

  private static LogisticRegression fitted(double[][] features, int[] labels, double penalty) {
    if (features.length == 0 || features.length != labels.length) {
      throw new IllegalArgumentException(features.length + " rows of features for " + labels.length + " labels");
    }
    int width = features[0].length;
    var mean = new double[width];
    var scale = new double[width];
    for (int j = 0; j < width; j++) {
      final int column = j;
      mean[j] = Arrays.stream(features).mapToDouble(row -> row[column]).average().orElseThrow();
      double centre = mean[j];
      double variance =
          Arrays.stream(features).mapToDouble(row -> square(row[column] - centre)).average().orElseThrow();
      scale[j] = variance > 0 ? 1 / Math.sqrt(variance) : 0;
    }
    var model = new LogisticRegression(mean, scale, new double[width + 1]);
    model.minimise(Arrays.stream(features).map(model::standardised).toArray(double[][]::new), labels, penalty);
    return model;
  }

  /** Probability of class 1 for one row of features. */
  public double probability(double[] features) {
    return LogOdds.probability(dot(weights, standardised(features)));
  }

  /** The weights of the standardised features, then the intercept. */
  public double[] weights() {
    return weights.clone();
  }

  /** The weights of the features as they are given, then the intercept. */
  double[] line() {
    int n = weights.length - 1;
    double[] line = weights.clone();
    for (int j = 0; j < n; j++) {
      line[j] *= scale[j];
      line[n] -= line[j] * mean[j];
    }
    return line;
  }

  private void minimise(double[][] x, int[] labels, double penalty) {
    int n = weights.length;
    double loss = loss(x, labels, penalty, weights);
    for (int step = 0; step < MAX_STEPS; step++) {
      var gradient = new double[n];
      var hessian = new double[n][n];
      for (int i = 0; i < x.length; i++) {
        double p = LogOdds.probability(dot(weights, x[i]));
        double curvature = p * (1 - p);
        for (int j = 0; j < n; j++) {
          gradient[j] += (p - labels[i]) * x[i][j];
          double scaled = curvature * x[i][j];
          for (int k = 0; k <= j; k++) {
            hessian[j][k] += scaled * x[i][k];
          }
        }
      }
      for (int j = 0; j < n; j++) {
        // the intercept is not penalised; the tiny term keeps the matrix positive definite when all labels agree
        gradient[j] += j < n - 1 ? penalty * weights[j] : 0;
        hessian[j][j] += j < n - 1 ? penalty : 1e-12;
      }
      double[] direction = Cholesky.solve(hessian, gradient);
      double length = 1;
      double[] moved = moved(direction, length);
      double movedLoss = loss(x, labels, penalty, moved);
      // near the minimum the loss is flat to its last digits long before the step is small: there it decides nothing
      while (!(movedLoss <= loss + FLAT * loss) && length > FLAT) {
        length /= 2;
        moved = moved(direction, length);
        movedLoss = loss(x, labels, penalty, moved);
      }
      System.arraycopy(moved, 0, weights, 0, n);
      loss = movedLoss;
      if (dot(direction, direction) <= SMALL * SMALL * dot(weights, weights)) {
        return;
      }
    }
  }

  private double[] moved(double[] direction, double length) {
    double[] moved = weights.clone();
    for (int j = 0; j < moved.length; j++) {
      moved[j] -= length * direction[j];
    }
    return moved;
  }

  private static double loss(double[][] x, int[] labels, double penalty, double[] w) {
    double loss = 0;
    for (int i = 0; i < x.length; i++) {
      double z = dot(w, x[i]);
      // log(1 + e^z) - y z, without overflow
      loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - labels[i] * z;
    }
    for (int j = 0; j < w.length - 1; j++) {
      loss += penalty / 2 * square(w[j]);
    }
    return loss;
  }

  private double[] standardised(double[] features) {
    if (features.length != mean.length) {
      throw new IllegalArgumentException(features.length + " features for a model of " + mean.length);
    }
    var row = new double[features.length + 1];
    for (int j = 0; j < features.length; j++) {
      row[j] = (features[j] - mean[j]) * scale[j];
    }
    row[features.length] = 1;
    return row;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  private static double square(double x) {
    return x * x;
  }
}
