package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/** Register tiles two vectors wide, for what {@link Tiles3} leaves at the right edge and for processors with 16 registers. */
final class Tiles2 {
  private Tiles2() {}

  static void tile6x2(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, float[] limits, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s01 = FloatVector.fromArray(SPECIES, start, startOff + COUNT);
    FloatVector s10 = s00;
    FloatVector s11 = s01;
    FloatVector s20 = s00;
    FloatVector s21 = s01;
    FloatVector s30 = s00;
    FloatVector s31 = s01;
    FloatVector s40 = s00;
    FloatVector s41 = s01;
    FloatVector s50 = s00;
    FloatVector s51 = s01;
    if (startRow != 0) {
      s10 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
      s11 = FloatVector.fromArray(SPECIES, start, startOff + startRow + COUNT);
      s20 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow);
      s21 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow + COUNT);
      s30 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow);
      s31 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow + COUNT);
      s40 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow);
      s41 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow + COUNT);
      s50 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow);
      s51 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow + COUNT);
    }
    for (int l = 0; l < k; l++) {
      int at = aOff + l;
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
    FloatVector low = FloatVector.fromArray(SPECIES, limits, 0);
    FloatVector high = FloatVector.fromArray(SPECIES, limits, COUNT);
    s00 = s00.blend(low, s00.compare(LT, low));
    s00.blend(high, s00.compare(GT, high)).intoArray(d, dOff);
    s01 = s01.blend(low, s01.compare(LT, low));
    s01.blend(high, s01.compare(GT, high)).intoArray(d, dOff + COUNT);
    s10 = s10.blend(low, s10.compare(LT, low));
    s10.blend(high, s10.compare(GT, high)).intoArray(d, dOff + dRow);
    s11 = s11.blend(low, s11.compare(LT, low));
    s11.blend(high, s11.compare(GT, high)).intoArray(d, dOff + dRow + COUNT);
    s20 = s20.blend(low, s20.compare(LT, low));
    s20.blend(high, s20.compare(GT, high)).intoArray(d, dOff + 2 * dRow);
    s21 = s21.blend(low, s21.compare(LT, low));
    s21.blend(high, s21.compare(GT, high)).intoArray(d, dOff + 2 * dRow + COUNT);
    s30 = s30.blend(low, s30.compare(LT, low));
    s30.blend(high, s30.compare(GT, high)).intoArray(d, dOff + 3 * dRow);
    s31 = s31.blend(low, s31.compare(LT, low));
    s31.blend(high, s31.compare(GT, high)).intoArray(d, dOff + 3 * dRow + COUNT);
    s40 = s40.blend(low, s40.compare(LT, low));
    s40.blend(high, s40.compare(GT, high)).intoArray(d, dOff + 4 * dRow);
    s41 = s41.blend(low, s41.compare(LT, low));
    s41.blend(high, s41.compare(GT, high)).intoArray(d, dOff + 4 * dRow + COUNT);
    s50 = s50.blend(low, s50.compare(LT, low));
    s50.blend(high, s50.compare(GT, high)).intoArray(d, dOff + 5 * dRow);
    s51 = s51.blend(low, s51.compare(LT, low));
    s51.blend(high, s51.compare(GT, high)).intoArray(d, dOff + 5 * dRow + COUNT);
  }

  static void tile4x2(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, float[] limits, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s01 = FloatVector.fromArray(SPECIES, start, startOff + COUNT);
    FloatVector s10 = s00;
    FloatVector s11 = s01;
    FloatVector s20 = s00;
    FloatVector s21 = s01;
    FloatVector s30 = s00;
    FloatVector s31 = s01;
    if (startRow != 0) {
      s10 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
      s11 = FloatVector.fromArray(SPECIES, start, startOff + startRow + COUNT);
      s20 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow);
      s21 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow + COUNT);
      s30 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow);
      s31 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow + COUNT);
    }
    for (int l = 0; l < k; l++) {
      int at = aOff + l;
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
    }
    FloatVector low = FloatVector.fromArray(SPECIES, limits, 0);
    FloatVector high = FloatVector.fromArray(SPECIES, limits, COUNT);
    s00 = s00.blend(low, s00.compare(LT, low));
    s00.blend(high, s00.compare(GT, high)).intoArray(d, dOff);
    s01 = s01.blend(low, s01.compare(LT, low));
    s01.blend(high, s01.compare(GT, high)).intoArray(d, dOff + COUNT);
    s10 = s10.blend(low, s10.compare(LT, low));
    s10.blend(high, s10.compare(GT, high)).intoArray(d, dOff + dRow);
    s11 = s11.blend(low, s11.compare(LT, low));
    s11.blend(high, s11.compare(GT, high)).intoArray(d, dOff + dRow + COUNT);
    s20 = s20.blend(low, s20.compare(LT, low));
    s20.blend(high, s20.compare(GT, high)).intoArray(d, dOff + 2 * dRow);
    s21 = s21.blend(low, s21.compare(LT, low));
    s21.blend(high, s21.compare(GT, high)).intoArray(d, dOff + 2 * dRow + COUNT);
    s30 = s30.blend(low, s30.compare(LT, low));
    s30.blend(high, s30.compare(GT, high)).intoArray(d, dOff + 3 * dRow);
    s31 = s31.blend(low, s31.compare(LT, low));
    s31.blend(high, s31.compare(GT, high)).intoArray(d, dOff + 3 * dRow + COUNT);
  }

  static void tile1x2(int k, float[] a, int aOff, float[] b, int bOff, float[] start, int startOff,
      float[] limits, float[] d, int dOff) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s01 = FloatVector.fromArray(SPECIES, start, startOff + COUNT);
    for (int l = 0; l < k; l++) {
      int at = aOff + l;
      int bt = bOff + l * (2 * COUNT);
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + COUNT);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, limits, 0);
    FloatVector high = FloatVector.fromArray(SPECIES, limits, COUNT);
    s00 = s00.blend(low, s00.compare(LT, low));
    s00.blend(high, s00.compare(GT, high)).intoArray(d, dOff);
    s01 = s01.blend(low, s01.compare(LT, low));
    s01.blend(high, s01.compare(GT, high)).intoArray(d, dOff + COUNT);
  }
}
