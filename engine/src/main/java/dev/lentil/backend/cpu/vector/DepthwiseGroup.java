package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Window;
import jdk.incubator.vector.FloatVector;

/**
 * Depthwise convolution over a group of channels as wide as a matrix product's panel, whose rows are few enough to be in
 * the first-level cache. Several neighbouring pixels are made together: each column of the input is loaded once and goes
 * into all the sums that it belongs to, since an array in Java starts at no multiple of a vector's size, so that nearly
 * every load touches two cache lines. Where there are few vector registers, {@link DepthwiseSweep} makes the rows.
 */
final class DepthwiseGroup {
  private static final int PANEL = MatrixProduct.PANEL;

  private DepthwiseGroup() {}

  static void row(Window g, int channels, float[] x, int[] rows, int zeros, float[] w, int wOff, float[] bias,
      int biasOff, Finish finish, float[] y, int yOff, int yStride) {
    float[] limits = Elementwise.limits(finish);
    float low = limits[0];
    float high = limits[COUNT];
    int together = g.stride() == 1 ? 4 : 2;
    int last = g.outW() - together;
    int beyond = (g.outW() - 1) * g.stride() - g.padLeft() + g.kernelW() - g.inW();
    if (g.kernelH() != 3 || g.kernelW() != 3 || g.stride() > 2 || last < 0 || g.padLeft() > 1 || beyond > 1) {
      pixelByPixel(g, channels, x, rows, w, wOff, bias, biasOff, low, high, y, yOff, yStride);
      return;
    }
    boolean left = g.padLeft() == 1;
    boolean right = beyond == 1;
    int sets = (g.outW() + together - 1) / together;
    for (int ch = 0; ch < channels; ch += COUNT) {
      int column = ch - g.padLeft() * PANEL;
      int row0 = rows[0] + column;
      int row1 = rows[1] + column;
      int row2 = rows[2] + column;
      int to = yOff + ch;
      if (!MatrixProduct.MANY_REGISTERS) {
        if (g.stride() == 1) {
          DepthwiseSweep.stride1(g.outW(), x, row0, row1, row2, left, right, w, wOff + ch, bias, biasOff + ch, low,
              high, y, to, yStride);
        } else {
          DepthwiseSweep.stride2(g.outW(), x, row0, row1, row2, left, right, w, wOff + ch, bias, biasOff + ch, low,
              high, y, to, yStride);
        }
      } else if (g.stride() == 1) {
        fours(sets, last, x, row0, row1, row2, left, right, zeros + ch, w, wOff + ch, bias, biasOff + ch, limits, y,
            to, yStride);
      } else {
        pairs(sets, last, x, row0, row1, row2, left, right, zeros + ch, w, wOff + ch, bias, biasOff + ch, limits, y,
            to, yStride);
      }
    }
  }

  /**
   * Stride 1: four pixels from six columns at a time.
   *
   * @param last the pixel with which the last set begins; where it reaches back into the set before, those are made twice
   * @param row0 of the input under the kernel's first row: the first window's left column
   * @param left whether the first set's left column is outside the image, and so zero
   * @param right the same of the last set's right column
   */
  private static void fours(int sets, int last, float[] x, int row0, int row1, int row2, boolean left,
      boolean right, int zeros, float[] w, int wAt, float[] bias, int biasAt, float[] limits, float[] y, int yAt,
      int yStride) {
    FloatVector low = FloatVector.fromArray(SPECIES, limits, 0);
    FloatVector high = FloatVector.fromArray(SPECIES, limits, COUNT);
    FloatVector w00 = FloatVector.fromArray(SPECIES, w, wAt);
    FloatVector w01 = FloatVector.fromArray(SPECIES, w, wAt + PANEL);
    FloatVector w02 = FloatVector.fromArray(SPECIES, w, wAt + 2 * PANEL);
    FloatVector w10 = FloatVector.fromArray(SPECIES, w, wAt + 3 * PANEL);
    FloatVector w11 = FloatVector.fromArray(SPECIES, w, wAt + 4 * PANEL);
    FloatVector w12 = FloatVector.fromArray(SPECIES, w, wAt + 5 * PANEL);
    FloatVector w20 = FloatVector.fromArray(SPECIES, w, wAt + 6 * PANEL);
    FloatVector w21 = FloatVector.fromArray(SPECIES, w, wAt + 7 * PANEL);
    FloatVector w22 = FloatVector.fromArray(SPECIES, w, wAt + 8 * PANEL);
    FloatVector shift = FloatVector.fromArray(SPECIES, bias, biasAt);
    for (int set = 0; set < sets; set++) {
      int p = Math.min(4 * set, last);
      int at = p * PANEL;
      boolean atLeft = left && set == 0;
      boolean atRight = right && set == sets - 1;
      FloatVector a = FloatVector.fromArray(SPECIES, x, atLeft ? zeros : row0 + at);
      FloatVector b = FloatVector.fromArray(SPECIES, x, atLeft ? zeros : row1 + at);
      FloatVector c = FloatVector.fromArray(SPECIES, x, atLeft ? zeros : row2 + at);
      FloatVector s0 = c.fma(w20, b.fma(w10, a.fma(w00, shift)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + PANEL);
      s0 = c.fma(w21, b.fma(w11, a.fma(w01, s0)));
      FloatVector s1 = c.fma(w20, b.fma(w10, a.fma(w00, shift)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + 2 * PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + 2 * PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + 2 * PANEL);
      s0 = c.fma(w22, b.fma(w12, a.fma(w02, s0)));
      s1 = c.fma(w21, b.fma(w11, a.fma(w01, s1)));
      FloatVector s2 = c.fma(w20, b.fma(w10, a.fma(w00, shift)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + 3 * PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + 3 * PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + 3 * PANEL);
      s1 = c.fma(w22, b.fma(w12, a.fma(w02, s1)));
      s2 = c.fma(w21, b.fma(w11, a.fma(w01, s2)));
      FloatVector s3 = c.fma(w20, b.fma(w10, a.fma(w00, shift)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + 4 * PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + 4 * PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + 4 * PANEL);
      s2 = c.fma(w22, b.fma(w12, a.fma(w02, s2)));
      s3 = c.fma(w21, b.fma(w11, a.fma(w01, s3)));
      a = FloatVector.fromArray(SPECIES, x, atRight ? zeros : row0 + at + 5 * PANEL);
      b = FloatVector.fromArray(SPECIES, x, atRight ? zeros : row1 + at + 5 * PANEL);
      c = FloatVector.fromArray(SPECIES, x, atRight ? zeros : row2 + at + 5 * PANEL);
      s3 = c.fma(w22, b.fma(w12, a.fma(w02, s3)));
      s0.blend(low, s0.compare(LT, low)).blend(high, s0.compare(GT, high)).intoArray(y, yAt + p * yStride);
      s1.blend(low, s1.compare(LT, low)).blend(high, s1.compare(GT, high)).intoArray(y, yAt + (p + 1) * yStride);
      s2.blend(low, s2.compare(LT, low)).blend(high, s2.compare(GT, high)).intoArray(y, yAt + (p + 2) * yStride);
      s3.blend(low, s3.compare(LT, low)).blend(high, s3.compare(GT, high)).intoArray(y, yAt + (p + 3) * yStride);
    }
  }

  /** Stride 2: as {@link #fours}, two pixels from five columns at a time. */
  private static void pairs(int sets, int last, float[] x, int row0, int row1, int row2, boolean left,
      boolean right, int zeros, float[] w, int wAt, float[] bias, int biasAt, float[] limits, float[] y, int yAt,
      int yStride) {
    FloatVector low = FloatVector.fromArray(SPECIES, limits, 0);
    FloatVector high = FloatVector.fromArray(SPECIES, limits, COUNT);
    FloatVector w00 = FloatVector.fromArray(SPECIES, w, wAt);
    FloatVector w01 = FloatVector.fromArray(SPECIES, w, wAt + PANEL);
    FloatVector w02 = FloatVector.fromArray(SPECIES, w, wAt + 2 * PANEL);
    FloatVector w10 = FloatVector.fromArray(SPECIES, w, wAt + 3 * PANEL);
    FloatVector w11 = FloatVector.fromArray(SPECIES, w, wAt + 4 * PANEL);
    FloatVector w12 = FloatVector.fromArray(SPECIES, w, wAt + 5 * PANEL);
    FloatVector w20 = FloatVector.fromArray(SPECIES, w, wAt + 6 * PANEL);
    FloatVector w21 = FloatVector.fromArray(SPECIES, w, wAt + 7 * PANEL);
    FloatVector w22 = FloatVector.fromArray(SPECIES, w, wAt + 8 * PANEL);
    FloatVector shift = FloatVector.fromArray(SPECIES, bias, biasAt);
    for (int set = 0; set < sets; set++) {
      int p = Math.min(2 * set, last);
      int at = 2 * p * PANEL;
      boolean atLeft = left && set == 0;
      boolean atRight = right && set == sets - 1;
      FloatVector a = FloatVector.fromArray(SPECIES, x, atLeft ? zeros : row0 + at);
      FloatVector b = FloatVector.fromArray(SPECIES, x, atLeft ? zeros : row1 + at);
      FloatVector c = FloatVector.fromArray(SPECIES, x, atLeft ? zeros : row2 + at);
      FloatVector s0 = c.fma(w20, b.fma(w10, a.fma(w00, shift)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + PANEL);
      s0 = c.fma(w21, b.fma(w11, a.fma(w01, s0)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + 2 * PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + 2 * PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + 2 * PANEL);
      s0 = c.fma(w22, b.fma(w12, a.fma(w02, s0)));
      FloatVector s1 = c.fma(w20, b.fma(w10, a.fma(w00, shift)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + 3 * PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + 3 * PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + 3 * PANEL);
      s1 = c.fma(w21, b.fma(w11, a.fma(w01, s1)));
      a = FloatVector.fromArray(SPECIES, x, atRight ? zeros : row0 + at + 4 * PANEL);
      b = FloatVector.fromArray(SPECIES, x, atRight ? zeros : row1 + at + 4 * PANEL);
      c = FloatVector.fromArray(SPECIES, x, atRight ? zeros : row2 + at + 4 * PANEL);
      s1 = c.fma(w22, b.fma(w12, a.fma(w02, s1)));
      s0.blend(low, s0.compare(LT, low)).blend(high, s0.compare(GT, high)).intoArray(y, yAt + p * yStride);
      s1.blend(low, s1.compare(LT, low)).blend(high, s1.compare(GT, high)).intoArray(y, yAt + (p + 1) * yStride);
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
        // column by column, as the sets have it: a narrow row then rounds like a wide one
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
