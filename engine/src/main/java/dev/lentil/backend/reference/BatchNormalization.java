package dev.lentil.backend.reference;

/**
 * Batch normalisation with the statistics of the batch. {@code p} runs over the {@code m} pixels of all samples.
 *
 * <pre>
 *   mean[c]     = 1/m sum over p of  x[p,c]
 *   variance[c] = 1/m sum over p of  (x[p,c] - mean[c])^2
 *   xhat[p,c]   = (x[p,c] - mean[c]) / sqrt(variance[c] + epsilon)
 *   y[p,c]      = gamma[c] * xhat[p,c] + beta[c]
 * </pre>
 *
 * Mean and variance depend on every {@code x}, so the gradient has three terms:
 *
 * <pre>
 *   dgamma[c] = sum over p of  dy[p,c] * xhat[p,c]
 *   dbeta[c]  = sum over p of  dy[p,c]
 *   dx[p,c]   = gamma[c] / sqrt(variance[c] + epsilon) * (dy[p,c] - dbeta[c] / m - xhat[p,c] * dgamma[c] / m)
 * </pre>
 *
 * The moving statistics follow: {@code moving = momentum * moving + (1 - momentum) * statistic}, the variance being the
 * population variance (divided by m), as in Keras 3. Source: Ioffe and Szegedy, "Batch Normalization", 2015, section 3.
 */
final class BatchNormalization {
  private BatchNormalization() {}

  /** Writes {@code y}, and {@code saved} as {@code [2,c]}: the mean, then {@code 1 / sqrt(variance + epsilon)}. */
  static void forward(int positions, int channels, double epsilon, double momentum, double[] gamma, double[] beta,
      double[] x, double[] y, double[] saved, double[] movingMean, double[] movingVariance) {
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int p = 0; p < positions; p++) {
        sum += x[p * channels + c];
      }
      double mean = sum / positions;
      double squares = 0;
      for (int p = 0; p < positions; p++) {
        double deviation = x[p * channels + c] - mean;
        squares += deviation * deviation;
      }
      double variance = squares / positions;
      double inverseDeviation = 1 / Math.sqrt(variance + epsilon);
      for (int p = 0; p < positions; p++) {
        int at = p * channels + c;
        y[at] = gamma[c] * (x[at] - mean) * inverseDeviation + beta[c];
      }
      saved[c] = mean;
      saved[channels + c] = inverseDeviation;
      movingMean[c] = momentum * movingMean[c] + (1 - momentum) * mean;
      movingVariance[c] = momentum * movingVariance[c] + (1 - momentum) * variance;
    }
  }

  /** Adds to {@code dgamma} and {@code dbeta}. */
  static void affineGradients(int positions, int channels, double[] dy, double[] x, double[] saved, double[] dgamma,
      double[] dbeta) {
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < channels; c++) {
        int at = p * channels + c;
        dgamma[c] += dy[at] * (x[at] - saved[c]) * saved[channels + c];
        dbeta[c] += dy[at];
      }
    }
  }

  /** Adds to {@code dx}; needs the finished {@code dgamma} and {@code dbeta}. */
  static void inputGradient(int positions, int channels, double[] dy, double[] x, double[] saved, double[] gamma,
      double[] dgamma, double[] dbeta, double[] dx) {
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < channels; c++) {
        int at = p * channels + c;
        double inverseDeviation = saved[channels + c];
        double normalized = (x[at] - saved[c]) * inverseDeviation;
        dx[at] += gamma[c] * inverseDeviation * (dy[at] - dbeta[c] / positions - normalized * dgamma[c] / positions);
      }
    }
  }
}
