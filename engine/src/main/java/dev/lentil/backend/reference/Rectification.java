package dev.lentil.backend.reference;

/**
 * ReLU6: {@code y = min(max(x, 0), 6)}, and {@code dx = dy} where {@code 0 < y < 6}, otherwise 0. The gradient at
 * exactly 0 and 6 is zero, as in Keras and PyTorch. The output is enough to tell where that is.
 */
final class Rectification {
  private Rectification() {}

  /** Writes {@code y}. */
  static void forward(double[] x, double[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.min(Math.max(x[i], 0), 6);
    }
  }

  /** Adds to {@code dx}. */
  static void inputGradient(double[] dy, double[] y, double[] dx) {
    for (int i = 0; i < y.length; i++) {
      if (y[i] > 0 && y[i] < 6) {
        dx[i] += dy[i];
      }
    }
  }
}
