package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.nn.Window;

/** The kernel of a depthwise convolution as {@link Kernels#depthwiseRow} reads it: {@code [kernelH*kernelW,channels]}. */
final class DepthwiseKernel extends Folded {
  private final int taps;
  private final float[] weights;

  private DepthwiseKernel(CpuParameters parameters, Source source, Window window) {
    super(parameters, source);
    taps = window.kernelH() * window.kernelW();
    weights = new float[taps * source.channels() + Kernels.SLACK];
  }

  static DepthwiseKernel of(Kernels kernels, CpuParameters parameters, Source source, Window window) {
    return parameters.derived(DepthwiseKernel.class, kernels, source,
        () -> new DepthwiseKernel(parameters, source, window));
  }

  @Override
  void layOut(float[] values, int offset, float[] scale) {
    for (int i = 0; i < taps * channels(); i++) {
      float value = values[offset + i];
      weights[i] = scale.length == 0 ? value : value * scale[i % channels()];
    }
  }

  float[] weights() {
    return weights;
  }
}
