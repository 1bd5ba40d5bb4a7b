package dev.lentil.backend.reference;

/**
 * One number per channel, added at every position {@code p} (pixel or sample): {@code y[p,c] += b[c]}, and so
 * {@code db[c] = sum over p of dy[p,c]}.
 */
final class Bias {
  private Bias() {}

  static void add(int positions, int channels, double[] b, double[] y) {
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < channels; c++) {
        y[p * channels + c] += b[c];
      }
    }
  }

  /** Adds to {@code db}. */
  static void gradient(int positions, int channels, double[] dy, double[] db) {
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < channels; c++) {
        db[c] += dy[p * channels + c];
      }
    }
  }
}
