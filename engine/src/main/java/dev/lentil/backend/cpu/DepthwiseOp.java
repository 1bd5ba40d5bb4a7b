package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Window;

/** Depthwise convolution, forward; a unit is an output row. */
final class DepthwiseOp extends Op.Range {
  private final Kernels kernels;
  private final Folded folded;
  private final Window window;
  private final Finish finish;
  private final int x;
  private final int y;
  private final float[] weights;
  private final float[] groupWeights;
  private final float[] groupBias;

  DepthwiseOp(Kernels kernels, Folded folded, Window window, Finish finish, int x, int y) {
    this.kernels = kernels;
    this.folded = folded;
    this.window = window;
    this.finish = finish;
    this.x = x;
    this.y = y;
    weights = new float[window.kernelH() * window.kernelW() * folded.channels() + Kernels.SLACK];
    int padded = (folded.channels() + kernels.panel() - 1) / kernels.panel() * kernels.panel();
    groupWeights = new float[window.kernelH() * window.kernelW() * padded];
    groupBias = new float[padded];
  }

  int channels() {
    return folded.channels();
  }

  @Override
  void refresh() {
    if (folded.refresh()) {
      int c = folded.channels();
      float[] scale = folded.scale();
      for (int i = 0; i < window.kernelH() * window.kernelW() * c; i++) {
        float value = folded.values()[folded.kernelOffset() + i];
        weights[i] = scale.length == 0 ? value : value * scale[i % c];
        groupWeights[groupOffset(i % c / kernels.panel()) + i / c * kernels.panel() + i % c % kernels.panel()] =
            weights[i];
      }
      System.arraycopy(folded.bias(), 0, groupBias, 0, c);
    }
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
    int c = folded.channels();
    int image = window.inH() * window.inW() * c;
    for (int row = from; row < to; row++) {
      int sample = row / window.outH();
      row(window, row % window.outH(), frame.array(x), frame.offset(x) + sample * image, frame.array(y),
          frame.offset(y) + row * window.outW() * c);
    }
  }

  /** One output row of a window over any image: all of it, or the strip that is there. */
  void row(Window over, int oy, float[] image, int imageOff, float[] to, int toOff) {
    kernels.depthwiseRow(over, oy, folded.channels(), image, imageOff, weights, folded.bias(), finish, to, toOff);
  }

  /** As {@link #row}, for one group of channels, whose pixels stand {@code panel} elements apart in the image. */
  void groupRow(Window over, int oy, int group, float[] image, int imageOff, int zeros, float[] to, int toOff) {
    int from = group * kernels.panel();
    kernels.depthwiseGroup(over, oy, Math.min(kernels.panel(), folded.channels() - from), image, imageOff, zeros,
        groupWeights, groupOffset(group), groupBias, from, finish, Scratch.ROW.of(over.outW() * kernels.panel()), to,
        toOff + from, folded.channels());
  }

  private int groupOffset(int group) {
    return group * window.kernelH() * window.kernelW() * kernels.panel();
  }
}
