package dev.lentil.backend.reference;

/**
 * The matrix product of a dense layer; {@link Bias} adds the bias.
 *
 * <pre>
 *   y[n,o]  = sum over i of  x[n,i] * k[i,o]
 *   dx[n,i] = sum over o of  dy[n,o] * k[i,o]
 *   dk[i,o] = sum over n of  dy[n,o] * x[n,i]
 * </pre>
 *
 * Every method adds to its result.
 */
final class DenseProduct {
  private DenseProduct() {}

  static void forward(int batch, int in, int out, double[] x, double[] k, double[] y) {
    for (int n = 0; n < batch; n++) {
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < out; o++) {
          y[n * out + o] += x[n * in + i] * k[i * out + o];
        }
      }
    }
  }

  static void inputGradient(int batch, int in, int out, double[] dy, double[] k, double[] dx) {
    for (int n = 0; n < batch; n++) {
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < out; o++) {
          dx[n * in + i] += dy[n * out + o] * k[i * out + o];
        }
      }
    }
  }

  static void kernelGradient(int batch, int in, int out, double[] dy, double[] x, double[] dk) {
    for (int n = 0; n < batch; n++) {
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < out; o++) {
          dk[i * out + o] += dy[n * out + o] * x[n * in + i];
        }
      }
    }
  }
}
