package dev.lentil.metrics;

/** Solves A x = b for a small symmetric positive definite A, by A = L L^T. */
final class Cholesky {
  private Cholesky() {}

  /**
   * Returns x; only the lower triangle of {@code a} is read, and neither argument is changed.
   *
   * @throws IllegalArgumentException if A is not positive definite
   */
  static double[] solve(double[][] a, double[] b) {
    int n = b.length;
    var l = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i][j];
        for (int k = 0; k < j; k++) {
          sum -= l[i][k] * l[j][k];
        }
        if (i == j && !(sum > 0)) {
          throw new IllegalArgumentException("the matrix is not positive definite at row " + i);
        }
        l[i][j] = i == j ? Math.sqrt(sum) : sum / l[j][j];
      }
    }
    var x = b.clone();
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        x[i] -= l[i][k] * x[k];
      }
      x[i] /= l[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        x[i] -= l[k][i] * x[k];
      }
      x[i] /= l[i][i];
    }
    return x;
  }
}
