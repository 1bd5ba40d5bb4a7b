package dev.lentil.backend.reference;

import dev.lentil.nn.Window;

/**
 * Convolution: every output channel {@code co} sees every input channel {@code ci}.
 *
 * <pre>
 *   y[n,oy,ox,co]   = sum over ky, kx, ci of  x[n,iy,ix,ci] * k[ky,kx,ci,co]
 *   dx[n,iy,ix,ci]  = sum over ky, kx, co of  dy[n,oy,ox,co] * k[ky,kx,ci,co]
 *   dk[ky,kx,ci,co] = sum over n, oy, ox of   dy[n,oy,ox,co] * x[n,iy,ix,ci]
 * </pre>
 *
 * with {@code iy, ix} from {@link KernelTaps}. {@code x} is {@code [n,inH,inW,in]}, {@code k} is {@code [kh,kw,in,out]},
 * {@code y} is {@code [n,outH,outW,out]}. Every method adds to its result.
 */
final class Convolution {
  private Convolution() {}

  static void forward(int batch, Window window, int in, int out, double[] x, double[] k, double[] y) {
    KernelTaps.forEach(batch, window, (inputPixel, outputPixel, kernelPixel) -> {
      for (int ci = 0; ci < in; ci++) {
        double value = x[inputPixel * in + ci];
        int row = (kernelPixel * in + ci) * out;
        for (int co = 0; co < out; co++) {
          y[outputPixel * out + co] += value * k[row + co];
        }
      }
    });
  }

  static void inputGradient(int batch, Window window, int in, int out, double[] dy, double[] k, double[] dx) {
    KernelTaps.forEach(batch, window, (inputPixel, outputPixel, kernelPixel) -> {
      for (int ci = 0; ci < in; ci++) {
        int row = (kernelPixel * in + ci) * out;
        double sum = 0;
        for (int co = 0; co < out; co++) {
          sum += dy[outputPixel * out + co] * k[row + co];
        }
        dx[inputPixel * in + ci] += sum;
      }
    });
  }

  static void kernelGradient(int batch, Window window, int in, int out, double[] dy, double[] x, double[] dk) {
    KernelTaps.forEach(batch, window, (inputPixel, outputPixel, kernelPixel) -> {
      for (int ci = 0; ci < in; ci++) {
        double value = x[inputPixel * in + ci];
        int row = (kernelPixel * in + ci) * out;
        for (int co = 0; co < out; co++) {
          dk[row + co] += value * dy[outputPixel * out + co];
        }
      }
    });
  }
}
