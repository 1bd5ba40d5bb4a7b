package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/**
 * Register tiles for processors with 16 vector registers: {@code stripRxC} writes {@code R * tiles} rows of C vectors. 6x2
 * sums, a step's weights and the factors of two pixels take all 16. With so few sums what surrounds a tile's loop takes as long
 * as the loop where there are few steps along k, so the tiles of a panel follow one another within the method: the bias is
 * loaded once, and nothing is called between.
 *
 * <p>The loop over the tiles decides nothing that stays the same. The compiler makes such decisions before the loop, like the
 * checks of all subscripts, as far as it has seen only one outcome; when another comes it compiles anew and no longer makes any
 * checks before loops.
 */
final class Strips {
  /** Rows of a tile. */
  static final int ROWS = 6;
  /** Columns of {@link #row}. */
  static final int SWEEP = 8 * COUNT;

  private Strips() {}

  /** A panel of two vectors. */
  static void strip6x2(int tiles, int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] bias, int biasOff,
      float[] d, int dOff, int dRow) {
    FloatVector bias0 = FloatVector.fromArray(SPECIES, bias, biasOff);
    FloatVector bias1 = FloatVector.fromArray(SPECIES, bias, biasOff + COUNT);
    for (int tile = 0; tile < tiles; tile++) {
      int from = aOff + tile * 6 * aRow;
      int to = dOff + tile * 6 * dRow;
      FloatVector s00 = bias0;
      FloatVector s01 = bias1;
      FloatVector s10 = bias0;
      FloatVector s11 = bias1;
      FloatVector s20 = bias0;
      FloatVector s21 = bias1;
      FloatVector s30 = bias0;
      FloatVector s31 = bias1;
      FloatVector s40 = bias0;
      FloatVector s41 = bias1;
      FloatVector s50 = bias0;
      FloatVector s51 = bias1;
      for (int l = 0; l < k; l++) {
        int at = from + l;
        int bt = bOff + l * (2 * COUNT);
        FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
        FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + COUNT);
        FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
        s00 = a0.fma(b0, s00);
        s01 = a0.fma(b1, s01);
        FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + aRow]);
        s10 = a1.fma(b0, s10);
        s11 = a1.fma(b1, s11);
        FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2 * aRow]);
        s20 = a2.fma(b0, s20);
        s21 = a2.fma(b1, s21);
        FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3 * aRow]);
        s30 = a3.fma(b0, s30);
        s31 = a3.fma(b1, s31);
        FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4 * aRow]);
        s40 = a4.fma(b0, s40);
        s41 = a4.fma(b1, s41);
        FloatVector a5 = FloatVector.broadcast(SPECIES, a[at + 5 * aRow]);
        s50 = a5.fma(b0, s50);
        s51 = a5.fma(b1, s51);
      }
      s00.intoArray(d, to);
      s01.intoArray(d, to + COUNT);
      s10.intoArray(d, to + dRow);
      s11.intoArray(d, to + dRow + COUNT);
      s20.intoArray(d, to + 2 * dRow);
      s21.intoArray(d, to + 2 * dRow + COUNT);
      s30.intoArray(d, to + 3 * dRow);
      s31.intoArray(d, to + 3 * dRow + COUNT);
      s40.intoArray(d, to + 4 * dRow);
      s41.intoArray(d, to + 4 * dRow + COUNT);
      s50.intoArray(d, to + 5 * dRow);
      s51.intoArray(d, to + 5 * dRow + COUNT);
    }
  }

  /**
   * As {@link #strip6x2}, with ReLU6, into rows that are as wide as the panel: the compiler then checks the places of all twelve
   * vectors at once.
   */
  static void rectified6x2(int tiles, int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] bias,
      int biasOff, float[] d, int dOff) {
    FloatVector bias0 = FloatVector.fromArray(SPECIES, bias, biasOff);
    FloatVector bias1 = FloatVector.fromArray(SPECIES, bias, biasOff + COUNT);
    for (int tile = 0; tile < tiles; tile++) {
      int from = aOff + tile * 6 * aRow;
      int to = dOff + tile * (12 * COUNT);
      FloatVector s00 = bias0;
      FloatVector s01 = bias1;
      FloatVector s10 = bias0;
      FloatVector s11 = bias1;
      FloatVector s20 = bias0;
      FloatVector s21 = bias1;
      FloatVector s30 = bias0;
      FloatVector s31 = bias1;
      FloatVector s40 = bias0;
      FloatVector s41 = bias1;
      FloatVector s50 = bias0;
      FloatVector s51 = bias1;
      for (int l = 0; l < k; l++) {
        int at = from + l;
        int bt = bOff + l * (2 * COUNT);
        FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
        FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + COUNT);
        FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
        s00 = a0.fma(b0, s00);
        s01 = a0.fma(b1, s01);
        FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + aRow]);
        s10 = a1.fma(b0, s10);
        s11 = a1.fma(b1, s11);
        FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2 * aRow]);
        s20 = a2.fma(b0, s20);
        s21 = a2.fma(b1, s21);
        FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3 * aRow]);
        s30 = a3.fma(b0, s30);
        s31 = a3.fma(b1, s31);
        FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4 * aRow]);
        s40 = a4.fma(b0, s40);
        s41 = a4.fma(b1, s41);
        FloatVector a5 = FloatVector.broadcast(SPECIES, a[at + 5 * aRow]);
        s50 = a5.fma(b0, s50);
        s51 = a5.fma(b1, s51);
      }
      FloatVector zero = FloatVector.zero(SPECIES);
      FloatVector six = FloatVector.broadcast(SPECIES, 6f);
      s00 = s00.blend(zero, s00.compare(LT, zero));
      s00.blend(six, s00.compare(GT, six)).intoArray(d, to);
      s01 = s01.blend(zero, s01.compare(LT, zero));
      s01.blend(six, s01.compare(GT, six)).intoArray(d, to + COUNT);
      s10 = s10.blend(zero, s10.compare(LT, zero));
      s10.blend(six, s10.compare(GT, six)).intoArray(d, to + 2 * COUNT);
      s11 = s11.blend(zero, s11.compare(LT, zero));
      s11.blend(six, s11.compare(GT, six)).intoArray(d, to + 3 * COUNT);
      s20 = s20.blend(zero, s20.compare(LT, zero));
      s20.blend(six, s20.compare(GT, six)).intoArray(d, to + 4 * COUNT);
      s21 = s21.blend(zero, s21.compare(LT, zero));
      s21.blend(six, s21.compare(GT, six)).intoArray(d, to + 5 * COUNT);
      s30 = s30.blend(zero, s30.compare(LT, zero));
      s30.blend(six, s30.compare(GT, six)).intoArray(d, to + 6 * COUNT);
      s31 = s31.blend(zero, s31.compare(LT, zero));
      s31.blend(six, s31.compare(GT, six)).intoArray(d, to + 7 * COUNT);
      s40 = s40.blend(zero, s40.compare(LT, zero));
      s40.blend(six, s40.compare(GT, six)).intoArray(d, to + 8 * COUNT);
      s41 = s41.blend(zero, s41.compare(LT, zero));
      s41.blend(six, s41.compare(GT, six)).intoArray(d, to + 9 * COUNT);
      s50 = s50.blend(zero, s50.compare(LT, zero));
      s50.blend(six, s50.compare(GT, six)).intoArray(d, to + 10 * COUNT);
      s51 = s51.blend(zero, s51.compare(LT, zero));
      s51.blend(six, s51.compare(GT, six)).intoArray(d, to + 11 * COUNT);
    }
  }

  /** A panel of one vector. */
  static void strip6x1(int tiles, int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] bias, int biasOff,
      float[] d, int dOff, int dRow) {
    FloatVector bias0 = FloatVector.fromArray(SPECIES, bias, biasOff);
    for (int tile = 0; tile < tiles; tile++) {
      int from = aOff + tile * 6 * aRow;
      int to = dOff + tile * 6 * dRow;
      FloatVector s00 = bias0;
      FloatVector s10 = bias0;
      FloatVector s20 = bias0;
      FloatVector s30 = bias0;
      FloatVector s40 = bias0;
      FloatVector s50 = bias0;
      for (int l = 0; l < k; l++) {
        int at = from + l;
        int bt = bOff + l * COUNT;
        FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
        FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
        s00 = a0.fma(b0, s00);
        FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + aRow]);
        s10 = a1.fma(b0, s10);
        FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2 * aRow]);
        s20 = a2.fma(b0, s20);
        FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3 * aRow]);
        s30 = a3.fma(b0, s30);
        FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4 * aRow]);
        s40 = a4.fma(b0, s40);
        FloatVector a5 = FloatVector.broadcast(SPECIES, a[at + 5 * aRow]);
        s50 = a5.fma(b0, s50);
      }
      s00.intoArray(d, to);
      s10.intoArray(d, to + dRow);
      s20.intoArray(d, to + 2 * dRow);
      s30.intoArray(d, to + 3 * dRow);
      s40.intoArray(d, to + 4 * dRow);
      s50.intoArray(d, to + 5 * dRow);
    }
  }

  /** A panel of two vectors and the panel of one after it, which is at {@code lastOff}: less to load for a sum than apart. */
  static void strip3x3(int tiles, int k, float[] a, int aOff, int aRow, float[] b, int bOff, int lastOff, float[] bias,
      int biasOff, float[] d, int dOff, int dRow) {
    FloatVector bias0 = FloatVector.fromArray(SPECIES, bias, biasOff);
    FloatVector bias1 = FloatVector.fromArray(SPECIES, bias, biasOff + COUNT);
    FloatVector bias2 = FloatVector.fromArray(SPECIES, bias, biasOff + 2 * COUNT);
    for (int tile = 0; tile < tiles; tile++) {
      int from = aOff + tile * 3 * aRow;
      int to = dOff + tile * 3 * dRow;
      FloatVector s00 = bias0;
      FloatVector s01 = bias1;
      FloatVector s02 = bias2;
      FloatVector s10 = bias0;
      FloatVector s11 = bias1;
      FloatVector s12 = bias2;
      FloatVector s20 = bias0;
      FloatVector s21 = bias1;
      FloatVector s22 = bias2;
      for (int l = 0; l < k; l++) {
        int at = from + l;
        int bt = bOff + l * (2 * COUNT);
        FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
        FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + COUNT);
        FloatVector b2 = FloatVector.fromArray(SPECIES, b, lastOff + l * COUNT);
        FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
        s00 = a0.fma(b0, s00);
        s01 = a0.fma(b1, s01);
        s02 = a0.fma(b2, s02);
        FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + aRow]);
        s10 = a1.fma(b0, s10);
        s11 = a1.fma(b1, s11);
        s12 = a1.fma(b2, s12);
        FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2 * aRow]);
        s20 = a2.fma(b0, s20);
        s21 = a2.fma(b1, s21);
        s22 = a2.fma(b2, s22);
      }
      s00.intoArray(d, to);
      s01.intoArray(d, to + COUNT);
      s02.intoArray(d, to + 2 * COUNT);
      s10.intoArray(d, to + dRow);
      s11.intoArray(d, to + dRow + COUNT);
      s12.intoArray(d, to + dRow + 2 * COUNT);
      s20.intoArray(d, to + 2 * dRow);
      s21.intoArray(d, to + 2 * dRow + COUNT);
      s22.intoArray(d, to + 2 * dRow + 2 * COUNT);
    }
  }

  /** One row of four panels of two vectors. With the two sums of a single panel each step would wait for the one before. */
  static void row(int k, float[] a, int aOff, float[] b, int bOff, float[] bias, int biasOff, float[] d, int dOff) {
    int panel = 2 * COUNT * k;
    FloatVector s0 = FloatVector.fromArray(SPECIES, bias, biasOff);
    FloatVector s1 = FloatVector.fromArray(SPECIES, bias, biasOff + COUNT);
    FloatVector s2 = FloatVector.fromArray(SPECIES, bias, biasOff + 2 * COUNT);
    FloatVector s3 = FloatVector.fromArray(SPECIES, bias, biasOff + 3 * COUNT);
    FloatVector s4 = FloatVector.fromArray(SPECIES, bias, biasOff + 4 * COUNT);
    FloatVector s5 = FloatVector.fromArray(SPECIES, bias, biasOff + 5 * COUNT);
    FloatVector s6 = FloatVector.fromArray(SPECIES, bias, biasOff + 6 * COUNT);
    FloatVector s7 = FloatVector.fromArray(SPECIES, bias, biasOff + 7 * COUNT);
    for (int l = 0; l < k; l++) {
      int at0 = bOff + l * (2 * COUNT);
      int at1 = at0 + panel;
      int at2 = at0 + 2 * panel;
      int at3 = at0 + 3 * panel;
      FloatVector factor = FloatVector.broadcast(SPECIES, a[aOff + l]);
      s0 = factor.fma(FloatVector.fromArray(SPECIES, b, at0), s0);
      s1 = factor.fma(FloatVector.fromArray(SPECIES, b, at0 + COUNT), s1);
      s2 = factor.fma(FloatVector.fromArray(SPECIES, b, at1), s2);
      s3 = factor.fma(FloatVector.fromArray(SPECIES, b, at1 + COUNT), s3);
      s4 = factor.fma(FloatVector.fromArray(SPECIES, b, at2), s4);
      s5 = factor.fma(FloatVector.fromArray(SPECIES, b, at2 + COUNT), s5);
      s6 = factor.fma(FloatVector.fromArray(SPECIES, b, at3), s6);
      s7 = factor.fma(FloatVector.fromArray(SPECIES, b, at3 + COUNT), s7);
    }
    s0.intoArray(d, dOff);
    s1.intoArray(d, dOff + COUNT);
    s2.intoArray(d, dOff + 2 * COUNT);
    s3.intoArray(d, dOff + 3 * COUNT);
    s4.intoArray(d, dOff + 4 * COUNT);
    s5.intoArray(d, dOff + 5 * COUNT);
    s6.intoArray(d, dOff + 6 * COUNT);
    s7.intoArray(d, dOff + 7 * COUNT);
  }
}
