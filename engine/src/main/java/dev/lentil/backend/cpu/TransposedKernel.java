package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;

/** The kernel of a convolution or dense layer, {@code [depth,out]}, packed for the way back: {@code dx = dy transpose(w)}. */
final class TransposedKernel {
  private final Kernels kernels;
  private final CpuParameters parameters;
  private final String kernel;
  private final int depth;
  private final int out;
  private final float[] packed;
  private final float[] zeros;
  private long stamp = -1;

  TransposedKernel(Kernels kernels, CpuParameters parameters, String kernel, int depth, int out) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.kernel = kernel;
    this.depth = depth;
    this.out = out;
    packed = new float[kernels.packedSize(out, depth) + Kernels.SLACK];
    zeros = new float[depth + Kernels.SLACK];
  }

  /** Packs again if the parameter has changed. */
  void refresh() {
    long newest = parameters.stamp(kernel);
    if (newest != stamp) {
      stamp = newest;
      kernels.pack(parameters.values(), parameters.offset(kernel), 1, out, out, depth, new float[0], packed);
    }
  }

  /** {@code rows} rows of {@code dy} into as many of {@code dx}. */
  void multiply(int rows, float[] dy, int dyOff, Finish finish, float[] dx, int dxOff) {
    kernels.multiply(rows, out, depth, dy, dyOff, out, packed, zeros, finish, zeros, 0, dx, dxOff, depth);
  }
}
