package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.nn.Window;

/**
 * The kernel of a depthwise convolution in groups of channels as wide as a matrix product's panel:
 * {@code [groups,kernelH*kernelW,panel]}, and the bias as {@code [groups,panel]}, both from {@link Kernels#FRONT} on.
 */
final class GroupedKernel extends Folded {
  private final int panel;
  private final int taps;
  private final float[] weights;
  private final float[] bias;

  private GroupedKernel(Kernels kernels, CpuParameters parameters, Source source, Window window) {
    super(parameters, source);
    panel = kernels.panel();
    taps = window.kernelH() * window.kernelW();
    bias = new float[Kernels.FRONT + groups() * panel];
    weights = new float[Kernels.FRONT + taps * groups() * panel];
  }

  static GroupedKernel of(Kernels kernels, CpuParameters parameters, Source source, Window window) {
    return parameters.derived(GroupedKernel.class, kernels, source,
        () -> new GroupedKernel(kernels, parameters, source, window));
  }

  @Override
  void layOut(float[] values, int offset, float[] scale) {
    for (int c = 0; c < channels(); c++) {
      for (int tap = 0; tap < taps; tap++) {
        float value = values[offset + tap * channels() + c];
        weights[Kernels.FRONT + (c / panel * taps + tap) * panel + c % panel] =
            scale.length == 0 ? value : value * scale[c];
      }
      bias[Kernels.FRONT + c] = bias()[c];
    }
  }

  int groups() {
    return Math.ceilDiv(channels(), panel);
  }

  int taps() {
    return taps;
  }

  float[] weights() {
    return weights;
  }

  float[] groupedBias() {
    return bias;
  }
}
