package dev.lentil.backend.reference;

/** {@code y = a + b}; the gradient goes to both sides unchanged: {@code da = db = dy}. */
final class Addition {
  private Addition() {}

  /** Writes {@code y}. */
  static void forward(double[] a, double[] b, double[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = a[i] + b[i];
    }
  }

  /** Adds to {@code dx}, one of the two sides. */
  static void inputGradient(double[] dy, double[] dx) {
    for (int i = 0; i < dy.length; i++) {
      dx[i] += dy[i];
    }
  }
}
