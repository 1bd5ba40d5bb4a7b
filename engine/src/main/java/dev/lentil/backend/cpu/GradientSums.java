package dev.lentil.backend.cpu;

import dev.lentil.plan.Step;

/**
 * The sums over a batch that the backward pass of a batch normalisation needs, of rows handed over block by block. With {@code
 * n} rows and {@code xhat = (x - mean) inverse}: {@code dbeta = sum dy}, {@code dgamma = sum dy xhat}, and the input's
 * gradient is {@code gamma inverse (dy - dbeta / n - xhat dgamma / n) = a dy + b (x - mean) + d} with coefficients for each
 * channel.
 */
final class GradientSums {
  private final CpuParameters parameters;
  private final Step.NormalizeBatch norm;
  private final int c;
  private double[][] totals = {};

  GradientSums(CpuParameters parameters, Step.NormalizeBatch norm, int channels) {
    this.parameters = parameters;
    this.norm = norm;
    c = channels;
  }

  /** Begins a batch whose rows come in so many groups. */
  void start(int groups) {
    totals = new double[groups][2 * c];
  }

  /**
   * Adds rows of a group, whose gradient is taken back through the ReLU6 of {@code input} in place.
   *
   * @param x what was normalised
   * @param dy the gradient of the result
   */
  void add(int group, int rows, NormalizedInput input, float[] x, int xOff, float[] dy, int dyOff) {
    float[] sum = Scratch.SUMS.of(c);
    float[] product = Scratch.PRODUCTS.of(c);
    input.sums(rows, x, xOff, dy, dyOff, sum, product);
    for (int i = 0; i < c; i++) {
      totals[group][i] += sum[i];
      totals[group][c + i] += product[i];
    }
  }

  /**
   * Writes the gradients of gamma and beta.
   *
   * @param rows of the whole batch
   * @param coefficients receives {@code [3,c]}: a, b and d
   */
  void finish(Frame frame, long rows, float[] coefficients) {
    float[] saved = frame.array(norm.saved());
    int gamma = parameters.offset(norm.layer().name() + "/gamma");
    int beta = parameters.offset(norm.layer().name() + "/beta");
    float[] gradients = parameters.gradients();
    for (int i = 0; i < c; i++) {
      double sum = 0;
      double product = 0;
      for (double[] group : totals) {
        sum += group[i];
        product += group[c + i];
      }
      double inverse = saved[c + i];
      double dgamma = product * inverse;
      gradients[gamma + i] = (float) dgamma;
      gradients[beta + i] = (float) sum;
      double factor = parameters.values()[gamma + i] * inverse;
      coefficients[i] = (float) factor;
      coefficients[c + i] = (float) (-factor * inverse * dgamma / rows);
      coefficients[2 * c + i] = (float) (-factor * sum / rows);
    }
    totals = new double[][] {};
  }
}
