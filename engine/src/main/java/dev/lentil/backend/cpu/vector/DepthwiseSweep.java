package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/**
 * The loops of {@link DepthwiseGroup} for 3x3 kernels. The nine weights stay in registers and the columns of the input pass by:
 * each is loaded once and goes into the sums that it belongs to, which are three with stride 1 and two with stride 2. The
 * edges of a row are outside the loop, whose subscripts the compiler then checks once for all pixels (docs/tuning.md).
 */
final class DepthwiseSweep {
  private static final int PANEL = MatrixProduct.PANEL;

  private DepthwiseSweep() {}

  /**
   * A row for one vector of channels.
   *
   * @param pixels of the row
   * @param row0 of the input under the kernel's first row: the first window's left column, which is not read if {@code left}
   * @param left whether the first window's left column is outside the image
   * @param right whether the last window's right column is
   * @param limits see {@link Elementwise#limits}
   */
  static void stride1(int pixels, float[] x, int row0, int row1, int row2, boolean left, boolean right, float[] w,
      int wAt, float[] bias, int biasAt, float[] limits, float[] y, int yAt, int yStride) {
    FloatVector low = FloatVector.fromArray(SPECIES, limits, 0);
    FloatVector high = FloatVector.fromArray(SPECIES, limits, COUNT);
    FloatVector shift = FloatVector.fromArray(SPECIES, bias, biasAt);
    FloatVector w00 = FloatVector.fromArray(SPECIES, w, wAt);
    FloatVector w01 = FloatVector.fromArray(SPECIES, w, wAt + PANEL);
    FloatVector w02 = FloatVector.fromArray(SPECIES, w, wAt + 2 * PANEL);
    FloatVector w10 = FloatVector.fromArray(SPECIES, w, wAt + 3 * PANEL);
    FloatVector w11 = FloatVector.fromArray(SPECIES, w, wAt + 4 * PANEL);
    FloatVector w12 = FloatVector.fromArray(SPECIES, w, wAt + 5 * PANEL);
    FloatVector w20 = FloatVector.fromArray(SPECIES, w, wAt + 6 * PANEL);
    FloatVector w21 = FloatVector.fromArray(SPECIES, w, wAt + 7 * PANEL);
    FloatVector w22 = FloatVector.fromArray(SPECIES, w, wAt + 8 * PANEL);
    FloatVector s0 = shift;
    if (!left) {
      s0 = FloatVector.fromArray(SPECIES, x, row0).fma(w00, s0);
      s0 = FloatVector.fromArray(SPECIES, x, row1).fma(w10, s0);
      s0 = FloatVector.fromArray(SPECIES, x, row2).fma(w20, s0);
    }
    FloatVector a = FloatVector.fromArray(SPECIES, x, row0 + PANEL);
    FloatVector b = FloatVector.fromArray(SPECIES, x, row1 + PANEL);
    FloatVector c = FloatVector.fromArray(SPECIES, x, row2 + PANEL);
    s0 = c.fma(w21, b.fma(w11, a.fma(w01, s0)));
    FloatVector s1 = c.fma(w20, b.fma(w10, a.fma(w00, shift)));
    int whole = right ? pixels - 1 : pixels;
    for (int p = 0; p < whole; p++) {
      int at = (p + 2) * PANEL;
      a = FloatVector.fromArray(SPECIES, x, row0 + at);
      b = FloatVector.fromArray(SPECIES, x, row1 + at);
      c = FloatVector.fromArray(SPECIES, x, row2 + at);
      s0 = c.fma(w22, b.fma(w12, a.fma(w02, s0)));
      s0.blend(low, s0.compare(LT, low)).blend(high, s0.compare(GT, high)).intoArray(y, yAt + p * yStride);
      s0 = c.fma(w21, b.fma(w11, a.fma(w01, s1)));
      s1 = c.fma(w20, b.fma(w10, a.fma(w00, shift)));
    }
    if (right) {
      s0.blend(low, s0.compare(LT, low)).blend(high, s0.compare(GT, high)).intoArray(y, yAt + whole * yStride);
    }
  }

  /** As {@link #stride1}, with stride 2. */
  static void stride2(int pixels, float[] x, int row0, int row1, int row2, boolean left, boolean right, float[] w,
      int wAt, float[] bias, int biasAt, float[] limits, float[] y, int yAt, int yStride) {
    FloatVector low = FloatVector.fromArray(SPECIES, limits, 0);
    FloatVector high = FloatVector.fromArray(SPECIES, limits, COUNT);
    FloatVector shift = FloatVector.fromArray(SPECIES, bias, biasAt);
    FloatVector w00 = FloatVector.fromArray(SPECIES, w, wAt);
    FloatVector w01 = FloatVector.fromArray(SPECIES, w, wAt + PANEL);
    FloatVector w02 = FloatVector.fromArray(SPECIES, w, wAt + 2 * PANEL);
    FloatVector w10 = FloatVector.fromArray(SPECIES, w, wAt + 3 * PANEL);
    FloatVector w11 = FloatVector.fromArray(SPECIES, w, wAt + 4 * PANEL);
    FloatVector w12 = FloatVector.fromArray(SPECIES, w, wAt + 5 * PANEL);
    FloatVector w20 = FloatVector.fromArray(SPECIES, w, wAt + 6 * PANEL);
    FloatVector w21 = FloatVector.fromArray(SPECIES, w, wAt + 7 * PANEL);
    FloatVector w22 = FloatVector.fromArray(SPECIES, w, wAt + 8 * PANEL);
    FloatVector s = shift;
    if (!left) {
      s = FloatVector.fromArray(SPECIES, x, row0).fma(w00, s);
      s = FloatVector.fromArray(SPECIES, x, row1).fma(w10, s);
      s = FloatVector.fromArray(SPECIES, x, row2).fma(w20, s);
    }
    int whole = right ? pixels - 1 : pixels;
    for (int p = 0; p < whole; p++) {
      int at = (2 * p + 1) * PANEL;
      s = FloatVector.fromArray(SPECIES, x, row0 + at).fma(w01, s);
      s = FloatVector.fromArray(SPECIES, x, row1 + at).fma(w11, s);
      s = FloatVector.fromArray(SPECIES, x, row2 + at).fma(w21, s);
      FloatVector a = FloatVector.fromArray(SPECIES, x, row0 + at + PANEL);
      FloatVector b = FloatVector.fromArray(SPECIES, x, row1 + at + PANEL);
      FloatVector c = FloatVector.fromArray(SPECIES, x, row2 + at + PANEL);
      s = c.fma(w22, b.fma(w12, a.fma(w02, s)));
      s.blend(low, s.compare(LT, low)).blend(high, s.compare(GT, high)).intoArray(y, yAt + p * yStride);
      s = c.fma(w20, b.fma(w10, a.fma(w00, shift)));
    }
    if (right) {
      int at = (2 * whole + 1) * PANEL;
      s = FloatVector.fromArray(SPECIES, x, row0 + at).fma(w01, s);
      s = FloatVector.fromArray(SPECIES, x, row1 + at).fma(w11, s);
      s = FloatVector.fromArray(SPECIES, x, row2 + at).fma(w21, s);
      s.blend(low, s.compare(LT, low)).blend(high, s.compare(GT, high)).intoArray(y, yAt + whole * yStride);
    }
  }
}
