package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Window;

/**
 * The depthwise convolution inside an inverted residual: one group of channels at a time, as wide as a matrix product's
 * panel, since that is how the expansion makes them.
 */
final class DepthwiseGroups {
  private final Kernels kernels;
  private final GroupedKernel kernel;
  private final Finish finish;

  DepthwiseGroups(Kernels kernels, GroupedKernel kernel, Finish finish) {
    this.kernels = kernels;
    this.kernel = kernel;
    this.finish = finish;
  }

  int channels() {
    return kernel.channels();
  }

  /** The number of groups. */
  int count() {
    return kernel.groups();
  }

  void refresh() {
    kernel.refresh();
  }

  /**
   * One output row of one group's channels; {@code x} and {@code rows} as {@link Kernels#depthwiseGroup} has them.
   *
   * @param toOff the row's first element, of all channels
   */
  void row(Window window, int group, float[] x, int[] rows, float[] to, int toOff) {
    int from = group * kernels.panel();
    kernels.depthwiseGroup(window, Math.min(kernels.panel(), channels() - from), x, rows, kernel.weights(),
        Kernels.FRONT + from * kernel.taps(), kernel.groupedBias(), Kernels.FRONT + from, finish,
        Scratch.ROW.of(window.outW() * kernels.panel()), to, toOff + from, channels());
  }
}
