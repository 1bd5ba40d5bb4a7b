package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Window;

/** Depthwise convolution, forward; a unit is an output row. */
final class DepthwiseOp extends Op.Range {
  private final Kernels kernels;
  private final DepthwiseKernel kernel;
  private final Window window;
  private final Finish finish;
  private final int x;
  private final int y;

  DepthwiseOp(Kernels kernels, DepthwiseKernel kernel, Window window, Finish finish, int x, int y) {
    this.kernels = kernels;
    this.kernel = kernel;
    this.window = window;
    this.finish = finish;
    this.x = x;
    this.y = y;
  }

  @Override
  void refresh() {
    kernel.refresh();
  }

  @Override
  int units() {
    return window.outH();
  }

  @Override
  int grain() {
    return 1;
  }

  @Override
  void range(Frame frame, int from, int to) {
    int c = kernel.channels();
    int image = window.inH() * window.inW() * c;
    for (int row = from; row < to; row++) {
      row(row % window.outH(), frame.array(x), frame.offset(x) + row / window.outH() * image, frame.array(y),
          frame.offset(y) + row * window.outW() * c);
    }
  }

  /** Output row {@code oy} of the image whose first element is {@code x[xOff]}. */
  void row(int oy, float[] x, int xOff, float[] y, int yOff) {
    kernels.depthwiseRow(window, oy, kernel.channels(), x, xOff, kernel.weights(), kernel.bias(), finish, y, yOff);
  }
}
