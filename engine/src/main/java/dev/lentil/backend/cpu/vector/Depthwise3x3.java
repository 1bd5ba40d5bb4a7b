package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loops of a 3x3 depthwise convolution for one vector of channels, with pixels {@code c} elements apart: the nine
 * weights, or sums, stay in registers while the pixels of a row pass. A row of the kernel that lies outside the image has the
 * factor 0 instead of 1 and any row of the image for its input.
 */
final class Depthwise3x3 {
  private Depthwise3x3() {}

  /** Three rows of the input, each by its first element for one vector of channels, and whether it is inside the image. */
  record Rows(int row0, int row1, int row2, float factor0, float factor1, float factor2) {
    /**
     * @param first the number of the first row
     * @param rows the image has
     * @param at where row 0 is
     * @param size of a row
     */
    static Rows of(int first, int rows, int at, int size) {
      int some = at + Math.clamp(first, 0, rows - 1) * size;
      boolean in0 = first >= 0 && first < rows;
      boolean in1 = first + 1 >= 0 && first + 1 < rows;
      boolean in2 = first + 2 >= 0 && first + 2 < rows;
      return new Rows(in0 ? at + first * size : some, in1 ? at + (first + 1) * size : some,
          in2 ? at + (first + 2) * size : some, in0 ? 1 : 0, in1 ? 1 : 0, in2 ? 1 : 0);
    }
  }

  /**
   * Pixels of an output row whose windows lie inside the row.
   *
   * @param at the first window's left column, from the beginning of a row
   * @param step from window to window
   */
  static void row(int pixels, int c, int step, float[] x, int at, Rows rows, float[] w, int ch, float[] bias, float low,
      float high, float[] y, int yAt) {
    FloatVector w00 = FloatVector.fromArray(SPECIES, w, ch).mul(rows.factor0);
    FloatVector w01 = FloatVector.fromArray(SPECIES, w, ch + c).mul(rows.factor0);
    FloatVector w02 = FloatVector.fromArray(SPECIES, w, ch + 2 * c).mul(rows.factor0);
    FloatVector w10 = FloatVector.fromArray(SPECIES, w, ch + 3 * c).mul(rows.factor1);
    FloatVector w11 = FloatVector.fromArray(SPECIES, w, ch + 4 * c).mul(rows.factor1);
    FloatVector w12 = FloatVector.fromArray(SPECIES, w, ch + 5 * c).mul(rows.factor1);
    FloatVector w20 = FloatVector.fromArray(SPECIES, w, ch + 6 * c).mul(rows.factor2);
    FloatVector w21 = FloatVector.fromArray(SPECIES, w, ch + 7 * c).mul(rows.factor2);
    FloatVector w22 = FloatVector.fromArray(SPECIES, w, ch + 8 * c).mul(rows.factor2);
    FloatVector shift = FloatVector.fromArray(SPECIES, bias, ch);
    int row0 = rows.row0 + at;
    int row1 = rows.row1 + at;
    int row2 = rows.row2 + at;
    for (int p = 0; p < pixels; p++) {
      // Three chains, so that the nine products do not wait for one another.
      FloatVector top = FloatVector.fromArray(SPECIES, x, row0).fma(w00, shift);
      FloatVector middle = FloatVector.fromArray(SPECIES, x, row1).mul(w10);
      FloatVector bottom = FloatVector.fromArray(SPECIES, x, row2).mul(w20);
      top = FloatVector.fromArray(SPECIES, x, row0 + c).fma(w01, top);
      middle = FloatVector.fromArray(SPECIES, x, row1 + c).fma(w11, middle);
      bottom = FloatVector.fromArray(SPECIES, x, row2 + c).fma(w21, bottom);
      top = FloatVector.fromArray(SPECIES, x, row0 + 2 * c).fma(w02, top);
      middle = FloatVector.fromArray(SPECIES, x, row1 + 2 * c).fma(w12, middle);
      bottom = FloatVector.fromArray(SPECIES, x, row2 + 2 * c).fma(w22, bottom);
      Elementwise.clip(top.add(middle.add(bottom)), low, high).intoArray(y, yAt);
      row0 += step;
      row1 += step;
      row2 += step;
      yAt += c;
    }
  }

  /**
   * The input gradient with stride 2, for an input row that one or two rows of the kernel see: pairs of input pixels, of which
   * the first lies under the left column of an output pixel and the right column of the one before, the second under the middle
   * column.
   *
   * @param pairs to make
   * @param upper the output row under kernel row {@code ky}, at the first pair's output pixel
   * @param lower the output row under kernel row {@code ky + 2}, or -1 without one
   * @param dx the first pair
   */
  static void inputGradientPairs(int pairs, int c, float[] dy, int upper, int lower, float[] w, int ky, int ch,
      float[] dx, int dxAt) {
    int first = ch + 3 * ky * c;
    int second = lower < 0 ? first : first + 6 * c;
    float factor = lower < 0 ? 0 : 1;
    FloatVector w0 = FloatVector.fromArray(SPECIES, w, first);
    FloatVector w1 = FloatVector.fromArray(SPECIES, w, first + c);
    FloatVector w2 = FloatVector.fromArray(SPECIES, w, first + 2 * c);
    FloatVector v0 = FloatVector.fromArray(SPECIES, w, second).mul(factor);
    FloatVector v1 = FloatVector.fromArray(SPECIES, w, second + c).mul(factor);
    FloatVector v2 = FloatVector.fromArray(SPECIES, w, second + 2 * c).mul(factor);
    int up = upper;
    int down = lower < 0 ? upper : lower;
    FloatVector a = FloatVector.fromArray(SPECIES, dy, up - c);
    FloatVector b = FloatVector.fromArray(SPECIES, dy, down - c);
    for (int p = 0; p < pairs; p++) {
      FloatVector left = a.mul(w2).add(b.mul(v2));
      a = FloatVector.fromArray(SPECIES, dy, up);
      b = FloatVector.fromArray(SPECIES, dy, down);
      a.fma(w0, b.fma(v0, left)).intoArray(dx, dxAt);
      a.mul(w1).add(b.mul(v1)).intoArray(dx, dxAt + c);
      up += c;
      down += c;
      dxAt += 2 * c;
    }
  }

  /**
   * Adds an input row's share of the kernel gradient with stride 1, all nine of it: each input pixel meets three columns of
   * three rows of dy, which move through registers.
   *
   * @param xAt the first pixel
   * @param at where the first pixel's right column is in each row of dy
   * @param rows of dy: those under the last, the middle and the first row of the kernel
   */
  static void kernelGradient(int pixels, int c, float[] x, int xAt, float[] dy, int at, Rows rows, float[] dw,
      int dwAt) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    FloatVector s02 = FloatVector.zero(SPECIES);
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s11 = FloatVector.zero(SPECIES);
    FloatVector s12 = FloatVector.zero(SPECIES);
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s21 = FloatVector.zero(SPECIES);
    FloatVector s22 = FloatVector.zero(SPECIES);
    int row0 = rows.row2 + at;
    int row1 = rows.row1 + at;
    int row2 = rows.row0 + at;
    FloatVector a2 = FloatVector.fromArray(SPECIES, dy, row0);
    FloatVector b2 = FloatVector.fromArray(SPECIES, dy, row1);
    FloatVector c2 = FloatVector.fromArray(SPECIES, dy, row2);
    FloatVector a1 = FloatVector.fromArray(SPECIES, dy, row0 + c);
    FloatVector b1 = FloatVector.fromArray(SPECIES, dy, row1 + c);
    FloatVector c1 = FloatVector.fromArray(SPECIES, dy, row2 + c);
    for (int p = 0; p < pixels; p++) {
      FloatVector in = FloatVector.fromArray(SPECIES, x, xAt);
      FloatVector a0 = FloatVector.fromArray(SPECIES, dy, row0 + 2 * c);
      FloatVector b0 = FloatVector.fromArray(SPECIES, dy, row1 + 2 * c);
      FloatVector c0 = FloatVector.fromArray(SPECIES, dy, row2 + 2 * c);
      s00 = in.fma(a0, s00);
      s01 = in.fma(a1, s01);
      s02 = in.fma(a2, s02);
      s10 = in.fma(b0, s10);
      s11 = in.fma(b1, s11);
      s12 = in.fma(b2, s12);
      s20 = in.fma(c0, s20);
      s21 = in.fma(c1, s21);
      s22 = in.fma(c2, s22);
      a2 = a1;
      b2 = b1;
      c2 = c1;
      a1 = a0;
      b1 = b0;
      c1 = c0;
      xAt += c;
      row0 += c;
      row1 += c;
      row2 += c;
    }
    s00.fma(FloatVector.broadcast(SPECIES, rows.factor2), FloatVector.fromArray(SPECIES, dw, dwAt)).intoArray(dw, dwAt);
    s01.fma(FloatVector.broadcast(SPECIES, rows.factor2), FloatVector.fromArray(SPECIES, dw, dwAt + c))
        .intoArray(dw, dwAt + c);
    s02.fma(FloatVector.broadcast(SPECIES, rows.factor2), FloatVector.fromArray(SPECIES, dw, dwAt + 2 * c))
        .intoArray(dw, dwAt + 2 * c);
    s10.fma(FloatVector.broadcast(SPECIES, rows.factor1), FloatVector.fromArray(SPECIES, dw, dwAt + 3 * c))
        .intoArray(dw, dwAt + 3 * c);
    s11.fma(FloatVector.broadcast(SPECIES, rows.factor1), FloatVector.fromArray(SPECIES, dw, dwAt + 4 * c))
        .intoArray(dw, dwAt + 4 * c);
    s12.fma(FloatVector.broadcast(SPECIES, rows.factor1), FloatVector.fromArray(SPECIES, dw, dwAt + 5 * c))
        .intoArray(dw, dwAt + 5 * c);
    s20.fma(FloatVector.broadcast(SPECIES, rows.factor0), FloatVector.fromArray(SPECIES, dw, dwAt + 6 * c))
        .intoArray(dw, dwAt + 6 * c);
    s21.fma(FloatVector.broadcast(SPECIES, rows.factor0), FloatVector.fromArray(SPECIES, dw, dwAt + 7 * c))
        .intoArray(dw, dwAt + 7 * c);
    s22.fma(FloatVector.broadcast(SPECIES, rows.factor0), FloatVector.fromArray(SPECIES, dw, dwAt + 8 * c))
        .intoArray(dw, dwAt + 8 * c);
  }

  /** Adds one kernel row's share of the kernel gradient, all three columns, which share what is loaded. */
  static void kernelRowGradient(int pixels, int c, int step, float[] x, int xAt, float[] dy, int dyAt, float[] dw,
      int dwAt) {
    FloatVector left = FloatVector.zero(SPECIES);
    FloatVector middle = FloatVector.zero(SPECIES);
    FloatVector right = FloatVector.zero(SPECIES);
    for (int p = 0; p < pixels; p++) {
      FloatVector d = FloatVector.fromArray(SPECIES, dy, dyAt);
      left = FloatVector.fromArray(SPECIES, x, xAt).fma(d, left);
      middle = FloatVector.fromArray(SPECIES, x, xAt + c).fma(d, middle);
      right = FloatVector.fromArray(SPECIES, x, xAt + 2 * c).fma(d, right);
      xAt += step;
      dyAt += c;
    }
    left.add(FloatVector.fromArray(SPECIES, dw, dwAt)).intoArray(dw, dwAt);
    middle.add(FloatVector.fromArray(SPECIES, dw, dwAt + c)).intoArray(dw, dwAt + c);
    right.add(FloatVector.fromArray(SPECIES, dw, dwAt + 2 * c)).intoArray(dw, dwAt + 2 * c);
  }
}
