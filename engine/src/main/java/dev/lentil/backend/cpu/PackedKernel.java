package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;

/** The kernel of a convolution or dense layer, {@code [depth,channels]}, in panels for a matrix product. */
final class PackedKernel extends Folded {
  private final Kernels kernels;
  private final int depth;
  private final float[] packed;

  private PackedKernel(Kernels kernels, CpuParameters parameters, Source source, int depth) {
    super(parameters, source);
    this.kernels = kernels;
    this.depth = depth;
    packed = new float[kernels.packedSize(depth, source.channels()) + Kernels.SLACK];
  }

  /** @param depth the products summed for one output: kernel height times width times input channels */
  static PackedKernel of(Kernels kernels, CpuParameters parameters, Source source, int depth) {
    return parameters.derived(PackedKernel.class, kernels, source,
        () -> new PackedKernel(kernels, parameters, source, depth));
  }

  @Override
  void layOut(float[] values, int offset, float[] scale) {
    kernels.pack(values, offset, channels(), 1, depth, channels(), scale, packed);
  }

  int depth() {
    return depth;
  }

  /** What {@link Kernels#multiply} reads. */
  float[] packed() {
    return packed;
  }
}
