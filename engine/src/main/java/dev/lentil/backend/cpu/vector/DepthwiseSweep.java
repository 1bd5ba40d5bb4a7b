package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/**
 * The loops of {@link DepthwiseGroup} for processors with 16 vector registers. The nine weights stay in registers and the
 * columns of the input pass by: each is loaded once and goes into the sums that it belongs to, which are three with stride 1
 * and two with stride 2; bias and limits come from memory. Several pixels at a time, as processors with more registers
 * make them, would have weights and sums go to memory and back.
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
   */
  static void stride1(int pixels, float[] x, int row0, int row1, int row2, boolean left, boolean right, float[] w,
      int wAt, float[] bias, int biasAt, float lowest, float highest, float[] y, int yAt, int yStride) {
    FloatVector w00 = FloatVector.fromArray(SPECIES, w, wAt);
    FloatVector w01 = FloatVector.fromArray(SPECIES, w, wAt + PANEL);
    FloatVector w02 = FloatVector.fromArray(SPECIES, w, wAt + 2 * PANEL);
    FloatVector w10 = FloatVector.fromArray(SPECIES, w, wAt + 3 * PANEL);
    FloatVector w11 = FloatVector.fromArray(SPECIES, w, wAt + 4 * PANEL);
    FloatVector w12 = FloatVector.fromArray(SPECIES, w, wAt + 5 * PANEL);
    FloatVector w20 = FloatVector.fromArray(SPECIES, w, wAt + 6 * PANEL);
    FloatVector w21 = FloatVector.fromArray(SPECIES, w, wAt + 7 * PANEL);
    FloatVector w22 = FloatVector.fromArray(SPECIES, w, wAt + 8 * PANEL);
    FloatVector s0 = FloatVector.fromArray(SPECIES, bias, biasAt);
    FloatVector s1 = s0;
    if (!left) {
      s0 = FloatVector.fromArray(SPECIES, x, row0).fma(w00, s0);
      s0 = FloatVector.fromArray(SPECIES, x, row1).fma(w10, s0);
      s0 = FloatVector.fromArray(SPECIES, x, row2).fma(w20, s0);
    }
    FloatVector a = FloatVector.fromArray(SPECIES, x, row0 + PANEL);
    FloatVector b = FloatVector.fromArray(SPECIES, x, row1 + PANEL);
    FloatVector c = FloatVector.fromArray(SPECIES, x, row2 + PANEL);
    s0 = c.fma(w21, b.fma(w11, a.fma(w01, s0)));
    s1 = c.fma(w20, b.fma(w10, a.fma(w00, s1)));
    int whole = right ? pixels - 1 : pixels;
    for (int p = 0; p < whole; p++) {
      int at = (p + 2) * PANEL;
      a = FloatVector.fromArray(SPECIES, x, row0 + at);
      b = FloatVector.fromArray(SPECIES, x, row1 + at);
      c = FloatVector.fromArray(SPECIES, x, row2 + at);
      s0 = c.fma(w22, b.fma(w12, a.fma(w02, s0)));
      s0 = s0.blend(lowest, s0.compare(LT, lowest));
      s0.blend(highest, s0.compare(GT, highest)).intoArray(y, yAt + p * yStride);
      s0 = c.fma(w21, b.fma(w11, a.fma(w01, s1)));
      s1 = c.fma(w20, b.fma(w10, a.fma(w00, FloatVector.fromArray(SPECIES, bias, biasAt))));
    }
    if (right) {
      s0 = s0.blend(lowest, s0.compare(LT, lowest));
      s0.blend(highest, s0.compare(GT, highest)).intoArray(y, yAt + whole * yStride);
    }
  }

  /** As {@link #stride1}, with stride 2. */
  static void stride2(int pixels, float[] x, int row0, int row1, int row2, boolean left, boolean right, float[] w,
      int wAt, float[] bias, int biasAt, float lowest, float highest, float[] y, int yAt, int yStride) {
    FloatVector w00 = FloatVector.fromArray(SPECIES, w, wAt);
    FloatVector w01 = FloatVector.fromArray(SPECIES, w, wAt + PANEL);
    FloatVector w02 = FloatVector.fromArray(SPECIES, w, wAt + 2 * PANEL);
    FloatVector w10 = FloatVector.fromArray(SPECIES, w, wAt + 3 * PANEL);
    FloatVector w11 = FloatVector.fromArray(SPECIES, w, wAt + 4 * PANEL);
    FloatVector w12 = FloatVector.fromArray(SPECIES, w, wAt + 5 * PANEL);
    FloatVector w20 = FloatVector.fromArray(SPECIES, w, wAt + 6 * PANEL);
    FloatVector w21 = FloatVector.fromArray(SPECIES, w, wAt + 7 * PANEL);
    FloatVector w22 = FloatVector.fromArray(SPECIES, w, wAt + 8 * PANEL);
    FloatVector s = FloatVector.fromArray(SPECIES, bias, biasAt);
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
      s = s.blend(lowest, s.compare(LT, lowest));
      s.blend(highest, s.compare(GT, highest)).intoArray(y, yAt + p * yStride);
      s = c.fma(w20, b.fma(w10, a.fma(w00, FloatVector.fromArray(SPECIES, bias, biasAt))));
    }
    if (right) {
      int at = (2 * whole + 1) * PANEL;
      s = FloatVector.fromArray(SPECIES, x, row0 + at).fma(w01, s);
      s = FloatVector.fromArray(SPECIES, x, row1 + at).fma(w11, s);
      s = FloatVector.fromArray(SPECIES, x, row2 + at).fma(w21, s);
      s = s.blend(lowest, s.compare(LT, lowest));
      s.blend(highest, s.compare(GT, highest)).intoArray(y, yAt + whole * yStride);
    }
  }
}
