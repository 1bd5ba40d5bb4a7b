package dev.lentil.backend.reference;

/**
 * The mean over the pixels {@code p} of each sample: {@code y[n,c] = 1/pixels sum over p of x[n,p,c]}, and so
 * {@code dx[n,p,c] = dy[n,c] / pixels}.
 */
final class AveragePooling {
  private AveragePooling() {}

  /** Writes {@code y}. */
  static void forward(int batch, int pixels, int channels, double[] x, double[] y) {
    for (int n = 0; n < batch; n++) {
      for (int c = 0; c < channels; c++) {
        double sum = 0;
        for (int p = 0; p < pixels; p++) {
          sum += x[(n * pixels + p) * channels + c];
        }
        y[n * channels + c] = sum / pixels;
      }
    }
  }

  /** Adds to {@code dx}. */
  static void inputGradient(int batch, int pixels, int channels, double[] dy, double[] dx) {
    for (int n = 0; n < batch; n++) {
      for (int p = 0; p < pixels; p++) {
        for (int c = 0; c < channels; c++) {
          dx[(n * pixels + p) * channels + c] += dy[n * channels + c] / pixels;
        }
      }
    }
  }
}
