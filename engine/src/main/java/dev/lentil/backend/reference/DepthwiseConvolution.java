package dev.lentil.backend.reference;

import dev.lentil.nn.Window;

/**
 * Depthwise convolution: channel {@code c} of the output sees only channel {@code c} of the input.
 *
 * <pre>
 *   y[n,oy,ox,c]  = sum over ky, kx of     x[n,iy,ix,c] * k[ky,kx,c]
 *   dx[n,iy,ix,c] = sum over ky, kx of     dy[n,oy,ox,c] * k[ky,kx,c]
 *   dk[ky,kx,c]   = sum over n, oy, ox of  dy[n,oy,ox,c] * x[n,iy,ix,c]
 * </pre>
 *
 * with {@code iy, ix} from {@link KernelTaps}. {@code x} is {@code [n,inH,inW,c]}, {@code k} is {@code [kh,kw,c,1]},
 * {@code y} is {@code [n,outH,outW,c]}. Every method adds to its result.
 */
final class DepthwiseConvolution {
  private DepthwiseConvolution() {}

  static void forward(int batch, Window window, int channels, double[] x, double[] k, double[] y) {
    KernelTaps.forEach(batch, window, (inputPixel, outputPixel, kernelPixel) -> {
      for (int c = 0; c < channels; c++) {
        y[outputPixel * channels + c] += x[inputPixel * channels + c] * k[kernelPixel * channels + c];
      }
    });
  }

  static void inputGradient(int batch, Window window, int channels, double[] dy, double[] k, double[] dx) {
    KernelTaps.forEach(batch, window, (inputPixel, outputPixel, kernelPixel) -> {
      for (int c = 0; c < channels; c++) {
        dx[inputPixel * channels + c] += dy[outputPixel * channels + c] * k[kernelPixel * channels + c];
      }
    });
  }

  static void kernelGradient(int batch, Window window, int channels, double[] dy, double[] x, double[] dk) {
    KernelTaps.forEach(batch, window, (inputPixel, outputPixel, kernelPixel) -> {
      for (int c = 0; c < channels; c++) {
        dk[kernelPixel * channels + c] += dy[outputPixel * channels + c] * x[inputPixel * channels + c];
      }
    });
  }
}
