package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.kernels.Kernels.Finish;

/** The gradient of what a batch normalisation reads, made of that of its result as somebody reads it; see {@link GradientSums}. */
final class RawGradient {
  private final Kernels kernels;
  private final int c;
  private final float[] a;
  private final float[] b;
  private final float[] d;
  private float[] saved = {};

  RawGradient(Kernels kernels, int channels) {
    this.kernels = kernels;
    c = channels;
    a = new float[c + Kernels.SLACK];
    b = new float[c + Kernels.SLACK];
    d = new float[c + Kernels.SLACK];
  }

  /**
   * @param saved the batch's statistics
   * @param coefficients from {@link GradientSums#finish}
   */
  void prepare(float[] saved, float[] coefficients) {
    this.saved = saved;
    System.arraycopy(coefficients, 0, a, 0, c);
    System.arraycopy(coefficients, c, b, 0, c);
    System.arraycopy(coefficients, 2 * c, d, 0, c);
  }

  /** @param x what was normalised */
  void apply(int rows, float[] dy, int dyOff, float[] x, int xOff, Finish finish, float[] dx, int dxOff) {
    kernels.normalizeBackward(rows, c, dy, dyOff, x, xOff, a, b, saved, d, finish, dx, dxOff);
  }
}
