package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;

import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Window;
import jdk.incubator.vector.FloatVector;

/**
 * Depthwise convolution over a group of channels as wide as a matrix product's panel, whose rows are few enough to be in
 * the first-level cache. {@link DepthwiseSweep} makes the rows of a 3x3 kernel.
 */
final class DepthwiseGroup {
  private static final int PANEL = MatrixProduct.PANEL;

  private DepthwiseGroup() {}

  static void row(Window g, int channels, float[] x, int[] rows, float[] w, int wOff, float[] bias, int biasOff,
      Finish finish, float[] y, int yOff, int yStride) {
    float[] limits = Elementwise.limits(finish);
    int beyond = (g.outW() - 1) * g.stride() - g.padLeft() + g.kernelW() - g.inW();
    if (g.kernelH() != 3 || g.kernelW() != 3 || g.stride() > 2 || g.padLeft() > 1 || beyond > 1) {
      pixelByPixel(g, channels, x, rows, w, wOff, bias, biasOff, limits[0], limits[COUNT], y, yOff, yStride);
      return;
    }
    boolean left = g.padLeft() == 1;
    boolean right = beyond == 1;
    for (int ch = 0; ch < channels; ch += COUNT) {
      int column = ch - g.padLeft() * PANEL;
      int row0 = rows[0] + column;
      int row1 = rows[1] + column;
      int row2 = rows[2] + column;
      if (g.stride() == 1) {
        DepthwiseSweep.stride1(g.outW(), x, row0, row1, row2, left, right, w, wOff + ch, bias, biasOff + ch, limits, y,
            yOff + ch, yStride);
      } else {
        DepthwiseSweep.stride2(g.outW(), x, row0, row1, row2, left, right, w, wOff + ch, bias, biasOff + ch, limits, y,
            yOff + ch, yStride);
      }
    }
  }

  /** Any kernel, leaving out columns outside the image. */
  private static void pixelByPixel(Window g, int channels, float[] x, int[] rows, float[] w, int wOff, float[] bias,
      int biasOff, float low, float high, float[] y, int yOff, int yStride) {
    for (int ch = 0; ch < channels; ch += COUNT) {
      for (int ox = 0; ox < g.outW(); ox++) {
        int firstColumn = ox * g.stride() - g.padLeft();
        int kxFrom = Math.max(0, -firstColumn);
        int kxEnd = Math.min(g.kernelW(), g.inW() - firstColumn);
        FloatVector sum = FloatVector.fromArray(SPECIES, bias, biasOff + ch);
        // column by column, as the sweep has it: both round alike
        for (int kx = kxFrom; kx < kxEnd; kx++) {
          for (int ky = 0; ky < g.kernelH(); ky++) {
            sum = FloatVector.fromArray(SPECIES, x, rows[ky] + (firstColumn + kx) * PANEL + ch)
                .fma(FloatVector.fromArray(SPECIES, w, wOff + (ky * g.kernelW() + kx) * PANEL + ch), sum);
          }
        }
        Elementwise.clip(sum, low, high).intoArray(y, yOff + ox * yStride + ch);
      }
    }
  }
}
