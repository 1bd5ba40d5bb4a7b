package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Window;

/**
 * The depthwise convolution inside an inverted residual: one group of channels at a time, as wide as a matrix product's
 * panel, since that is how the widening product makes them. Weights are {@code [groups,kernelH*kernelW,panel]}.
 */
final class DepthwiseGroups {
  private final Kernels kernels;
  private final Folded folded;
  private final int taps;
  private final Finish finish;
  private final float[] weights;
  private final float[] bias;

  DepthwiseGroups(Kernels kernels, Folded folded, Window window, Finish finish) {
    this.kernels = kernels;
    this.folded = folded;
    this.finish = finish;
    taps = window.kernelH() * window.kernelW();
    bias = new float[Kernels.FRONT + count() * kernels.panel()];
    weights = new float[Kernels.FRONT + taps * count() * kernels.panel()];
  }

  int channels() {
    return folded.channels();
  }

  /** The number of groups. */
  int count() {
    return (folded.channels() + kernels.panel() - 1) / kernels.panel();
  }

  void refresh() {
    if (folded.refresh()) {
      int panel = kernels.panel();
      for (int c = 0; c < channels(); c++) {
        for (int tap = 0; tap < taps; tap++) {
          float value = folded.values()[folded.kernelOffset() + tap * channels() + c];
          weights[Kernels.FRONT + (c / panel * taps + tap) * panel + c % panel] =
              folded.scale().length == 0 ? value : value * folded.scale()[c];
        }
        bias[Kernels.FRONT + c] = folded.bias()[c];
      }
    }
  }

  /**
   * One output row of one group's channels; {@code x}, {@code rows} and {@code zeros} as {@link Kernels#depthwiseGroup} has them.
   *
   * @param toOff the row's first element, of all channels
   */
  void row(Window window, int group, float[] x, int[] rows, int zeros, float[] to, int toOff) {
    int from = group * kernels.panel();
    kernels.depthwiseGroup(window, Math.min(kernels.panel(), channels() - from), x, rows, zeros, weights,
        Kernels.FRONT + from * taps, bias, Kernels.FRONT + from, finish,
        Scratch.ROW.of(window.outW() * kernels.panel()), to, toOff + from, channels());
  }
}
