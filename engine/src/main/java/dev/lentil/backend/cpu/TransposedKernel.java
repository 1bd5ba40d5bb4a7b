package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import java.util.List;

/** The kernel of a convolution or dense layer, {@code [depth,out]}, packed for the way back: {@code dx = dy transpose(w)}. */
final class TransposedKernel extends Derived {
  private final Kernels kernels;
  private final int offset;
  private final int depth;
  private final int out;
  private final float[] packed;
  private final float[] zeros;

  private TransposedKernel(Kernels kernels, CpuParameters parameters, String kernel, int depth, int out) {
    super(parameters, List.of(kernel));
    this.kernels = kernels;
    offset = parameters.offset(kernel);
    this.depth = depth;
    this.out = out;
    packed = new float[kernels.packedSize(out, depth) + Kernels.SLACK];
    zeros = new float[depth + Kernels.SLACK];
  }

  static TransposedKernel of(Kernels kernels, CpuParameters parameters, String kernel, int depth, int out) {
    return parameters.derived(TransposedKernel.class, kernels, kernel,
        () -> new TransposedKernel(kernels, parameters, kernel, depth, out));
  }

  @Override
  void make(float[] values) {
    kernels.pack(values, offset, 1, out, out, depth, Kernels.NO_SCALE, packed);
  }

  /** {@code rows} rows of {@code dy} into as many of {@code dx}. */
  void multiply(int rows, float[] dy, int dyOff, Finish finish, float[] dx, int dxOff) {
    kernels.multiply(rows, out, depth, dy, dyOff, out, packed, zeros, finish, zeros, 0, dx, dxOff, depth);
  }
}
