package dev.lentil.backend.reference;

/**
 * Batch normalisation with the moving statistics, which are constants: a scale and a shift per channel.
 *
 * <pre>
 *   xhat[p,c] = (x[p,c] - mean[c]) / sqrt(variance[c] + epsilon)
 *   y[p,c]    = gamma[c] * xhat[p,c] + beta[c]
 *
 *   dx[p,c]   = dy[p,c] * gamma[c] / sqrt(variance[c] + epsilon)
 *   dgamma[c] = sum over p of  dy[p,c] * xhat[p,c]
 *   dbeta[c]  = sum over p of  dy[p,c]
 * </pre>
 *
 * {@code p} runs over all pixels of all samples. Source: Ioffe and Szegedy, "Batch Normalization", 2015, section 3.1.
 */
final class MovingNormalization {
  private final double[] gamma;
  private final double[] beta;
  private final double[] mean;
  private final double[] inverseDeviation;

  MovingNormalization(double[] gamma, double[] beta, double[] mean, double[] variance, double epsilon) {
    this.gamma = gamma;
    this.beta = beta;
    this.mean = mean;
    inverseDeviation = new double[gamma.length];
    for (int c = 0; c < gamma.length; c++) {
      inverseDeviation[c] = 1 / Math.sqrt(variance[c] + epsilon);
    }
  }

  /** Writes {@code y}. */
  void forward(int positions, double[] x, double[] y) {
    int channels = gamma.length;
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < channels; c++) {
        int at = p * channels + c;
        y[at] = gamma[c] * (x[at] - mean[c]) * inverseDeviation[c] + beta[c];
      }
    }
  }

  /** Adds to {@code dx}. */
  void inputGradient(int positions, double[] dy, double[] dx) {
    int channels = gamma.length;
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < channels; c++) {
        dx[p * channels + c] += dy[p * channels + c] * gamma[c] * inverseDeviation[c];
      }
    }
  }

  /** Adds to {@code dgamma} and {@code dbeta}. */
  void affineGradients(int positions, double[] dy, double[] x, double[] dgamma, double[] dbeta) {
    int channels = gamma.length;
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < channels; c++) {
        int at = p * channels + c;
        dgamma[c] += dy[at] * (x[at] - mean[c]) * inverseDeviation[c];
        dbeta[c] += dy[at];
      }
    }
  }
}
