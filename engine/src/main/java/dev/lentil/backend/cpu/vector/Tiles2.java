package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Elementwise.SIX;
import static dev.lentil.backend.cpu.vector.Elementwise.ZERO;
import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import jdk.incubator.vector.FloatVector;

/** Register tiles two vectors wide, for what {@link Tiles3} leaves at the right edge and for processors with 16 registers. */
final class Tiles2 {
  private Tiles2() {}

  static void tile8x2(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, Finish finish, float[] d, int dOff, int dRow) {
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
    FloatVector s60 = s00;
    FloatVector s61 = s01;
    FloatVector s70 = s00;
    FloatVector s71 = s01;
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
      s60 = FloatVector.fromArray(SPECIES, start, startOff + 6 * startRow);
      s61 = FloatVector.fromArray(SPECIES, start, startOff + 6 * startRow + COUNT);
      s70 = FloatVector.fromArray(SPECIES, start, startOff + 7 * startRow);
      s71 = FloatVector.fromArray(SPECIES, start, startOff + 7 * startRow + COUNT);
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
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[at + 6 * aRow]);
      s60 = a6.fma(b0, s60);
      s61 = a6.fma(b1, s61);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[at + 7 * aRow]);
      s70 = a7.fma(b0, s70);
      s71 = a7.fma(b1, s71);
    }
    if (finish == Finish.RELU6) {
      FloatVector zero = FloatVector.zero(SPECIES);
      FloatVector six = FloatVector.broadcast(SPECIES, 6f);
      s00 = s00.blend(zero, s00.compare(LT, zero));
      s00.blend(six, s00.compare(GT, six)).intoArray(d, dOff);
      s01 = s01.blend(zero, s01.compare(LT, zero));
      s01.blend(six, s01.compare(GT, six)).intoArray(d, dOff + COUNT);
      s10 = s10.blend(zero, s10.compare(LT, zero));
      s10.blend(six, s10.compare(GT, six)).intoArray(d, dOff + dRow);
      s11 = s11.blend(zero, s11.compare(LT, zero));
      s11.blend(six, s11.compare(GT, six)).intoArray(d, dOff + dRow + COUNT);
      s20 = s20.blend(zero, s20.compare(LT, zero));
      s20.blend(six, s20.compare(GT, six)).intoArray(d, dOff + 2 * dRow);
      s21 = s21.blend(zero, s21.compare(LT, zero));
      s21.blend(six, s21.compare(GT, six)).intoArray(d, dOff + 2 * dRow + COUNT);
      s30 = s30.blend(zero, s30.compare(LT, zero));
      s30.blend(six, s30.compare(GT, six)).intoArray(d, dOff + 3 * dRow);
      s31 = s31.blend(zero, s31.compare(LT, zero));
      s31.blend(six, s31.compare(GT, six)).intoArray(d, dOff + 3 * dRow + COUNT);
      s40 = s40.blend(zero, s40.compare(LT, zero));
      s40.blend(six, s40.compare(GT, six)).intoArray(d, dOff + 4 * dRow);
      s41 = s41.blend(zero, s41.compare(LT, zero));
      s41.blend(six, s41.compare(GT, six)).intoArray(d, dOff + 4 * dRow + COUNT);
      s50 = s50.blend(zero, s50.compare(LT, zero));
      s50.blend(six, s50.compare(GT, six)).intoArray(d, dOff + 5 * dRow);
      s51 = s51.blend(zero, s51.compare(LT, zero));
      s51.blend(six, s51.compare(GT, six)).intoArray(d, dOff + 5 * dRow + COUNT);
      s60 = s60.blend(zero, s60.compare(LT, zero));
      s60.blend(six, s60.compare(GT, six)).intoArray(d, dOff + 6 * dRow);
      s61 = s61.blend(zero, s61.compare(LT, zero));
      s61.blend(six, s61.compare(GT, six)).intoArray(d, dOff + 6 * dRow + COUNT);
      s70 = s70.blend(zero, s70.compare(LT, zero));
      s70.blend(six, s70.compare(GT, six)).intoArray(d, dOff + 7 * dRow);
      s71 = s71.blend(zero, s71.compare(LT, zero));
      s71.blend(six, s71.compare(GT, six)).intoArray(d, dOff + 7 * dRow + COUNT);
    } else {
      s00.intoArray(d, dOff);
      s01.intoArray(d, dOff + COUNT);
      s10.intoArray(d, dOff + dRow);
      s11.intoArray(d, dOff + dRow + COUNT);
      s20.intoArray(d, dOff + 2 * dRow);
      s21.intoArray(d, dOff + 2 * dRow + COUNT);
      s30.intoArray(d, dOff + 3 * dRow);
      s31.intoArray(d, dOff + 3 * dRow + COUNT);
      s40.intoArray(d, dOff + 4 * dRow);
      s41.intoArray(d, dOff + 4 * dRow + COUNT);
      s50.intoArray(d, dOff + 5 * dRow);
      s51.intoArray(d, dOff + 5 * dRow + COUNT);
      s60.intoArray(d, dOff + 6 * dRow);
      s61.intoArray(d, dOff + 6 * dRow + COUNT);
      s70.intoArray(d, dOff + 7 * dRow);
      s71.intoArray(d, dOff + 7 * dRow + COUNT);
    }
  }

  static void tile6x2(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, Finish finish, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s01 = FloatVector.fromArray(SPECIES, start, startOff + COUNT);
    FloatVector s10 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
    FloatVector s11 = FloatVector.fromArray(SPECIES, start, startOff + startRow + COUNT);
    FloatVector s20 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow);
    FloatVector s21 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow + COUNT);
    FloatVector s30 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow);
    FloatVector s31 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow + COUNT);
    FloatVector s40 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow);
    FloatVector s41 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow + COUNT);
    FloatVector s50 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow);
    FloatVector s51 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow + COUNT);
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
    if (finish == Finish.RELU6) {
      s00 = s00.blend(ZERO, s00.compare(LT, ZERO));
      s00.blend(SIX, s00.compare(GT, SIX)).intoArray(d, dOff);
      s01 = s01.blend(ZERO, s01.compare(LT, ZERO));
      s01.blend(SIX, s01.compare(GT, SIX)).intoArray(d, dOff + COUNT);
      s10 = s10.blend(ZERO, s10.compare(LT, ZERO));
      s10.blend(SIX, s10.compare(GT, SIX)).intoArray(d, dOff + dRow);
      s11 = s11.blend(ZERO, s11.compare(LT, ZERO));
      s11.blend(SIX, s11.compare(GT, SIX)).intoArray(d, dOff + dRow + COUNT);
      s20 = s20.blend(ZERO, s20.compare(LT, ZERO));
      s20.blend(SIX, s20.compare(GT, SIX)).intoArray(d, dOff + 2 * dRow);
      s21 = s21.blend(ZERO, s21.compare(LT, ZERO));
      s21.blend(SIX, s21.compare(GT, SIX)).intoArray(d, dOff + 2 * dRow + COUNT);
      s30 = s30.blend(ZERO, s30.compare(LT, ZERO));
      s30.blend(SIX, s30.compare(GT, SIX)).intoArray(d, dOff + 3 * dRow);
      s31 = s31.blend(ZERO, s31.compare(LT, ZERO));
      s31.blend(SIX, s31.compare(GT, SIX)).intoArray(d, dOff + 3 * dRow + COUNT);
      s40 = s40.blend(ZERO, s40.compare(LT, ZERO));
      s40.blend(SIX, s40.compare(GT, SIX)).intoArray(d, dOff + 4 * dRow);
      s41 = s41.blend(ZERO, s41.compare(LT, ZERO));
      s41.blend(SIX, s41.compare(GT, SIX)).intoArray(d, dOff + 4 * dRow + COUNT);
      s50 = s50.blend(ZERO, s50.compare(LT, ZERO));
      s50.blend(SIX, s50.compare(GT, SIX)).intoArray(d, dOff + 5 * dRow);
      s51 = s51.blend(ZERO, s51.compare(LT, ZERO));
      s51.blend(SIX, s51.compare(GT, SIX)).intoArray(d, dOff + 5 * dRow + COUNT);
    } else {
      s00.intoArray(d, dOff);
      s01.intoArray(d, dOff + COUNT);
      s10.intoArray(d, dOff + dRow);
      s11.intoArray(d, dOff + dRow + COUNT);
      s20.intoArray(d, dOff + 2 * dRow);
      s21.intoArray(d, dOff + 2 * dRow + COUNT);
      s30.intoArray(d, dOff + 3 * dRow);
      s31.intoArray(d, dOff + 3 * dRow + COUNT);
      s40.intoArray(d, dOff + 4 * dRow);
      s41.intoArray(d, dOff + 4 * dRow + COUNT);
      s50.intoArray(d, dOff + 5 * dRow);
      s51.intoArray(d, dOff + 5 * dRow + COUNT);
    }
  }

  static void tile4x2(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, Finish finish, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s01 = FloatVector.fromArray(SPECIES, start, startOff + COUNT);
    FloatVector s10 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
    FloatVector s11 = FloatVector.fromArray(SPECIES, start, startOff + startRow + COUNT);
    FloatVector s20 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow);
    FloatVector s21 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow + COUNT);
    FloatVector s30 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow);
    FloatVector s31 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow + COUNT);
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
    if (finish == Finish.RELU6) {
      s00 = s00.blend(ZERO, s00.compare(LT, ZERO));
      s00.blend(SIX, s00.compare(GT, SIX)).intoArray(d, dOff);
      s01 = s01.blend(ZERO, s01.compare(LT, ZERO));
      s01.blend(SIX, s01.compare(GT, SIX)).intoArray(d, dOff + COUNT);
      s10 = s10.blend(ZERO, s10.compare(LT, ZERO));
      s10.blend(SIX, s10.compare(GT, SIX)).intoArray(d, dOff + dRow);
      s11 = s11.blend(ZERO, s11.compare(LT, ZERO));
      s11.blend(SIX, s11.compare(GT, SIX)).intoArray(d, dOff + dRow + COUNT);
      s20 = s20.blend(ZERO, s20.compare(LT, ZERO));
      s20.blend(SIX, s20.compare(GT, SIX)).intoArray(d, dOff + 2 * dRow);
      s21 = s21.blend(ZERO, s21.compare(LT, ZERO));
      s21.blend(SIX, s21.compare(GT, SIX)).intoArray(d, dOff + 2 * dRow + COUNT);
      s30 = s30.blend(ZERO, s30.compare(LT, ZERO));
      s30.blend(SIX, s30.compare(GT, SIX)).intoArray(d, dOff + 3 * dRow);
      s31 = s31.blend(ZERO, s31.compare(LT, ZERO));
      s31.blend(SIX, s31.compare(GT, SIX)).intoArray(d, dOff + 3 * dRow + COUNT);
    } else {
      s00.intoArray(d, dOff);
      s01.intoArray(d, dOff + COUNT);
      s10.intoArray(d, dOff + dRow);
      s11.intoArray(d, dOff + dRow + COUNT);
      s20.intoArray(d, dOff + 2 * dRow);
      s21.intoArray(d, dOff + 2 * dRow + COUNT);
      s30.intoArray(d, dOff + 3 * dRow);
      s31.intoArray(d, dOff + 3 * dRow + COUNT);
    }
  }

  static void tile1x2(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, Finish finish, float[] d, int dOff, int dRow) {
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
    if (finish == Finish.RELU6) {
      s00 = s00.blend(ZERO, s00.compare(LT, ZERO));
      s00.blend(SIX, s00.compare(GT, SIX)).intoArray(d, dOff);
      s01 = s01.blend(ZERO, s01.compare(LT, ZERO));
      s01.blend(SIX, s01.compare(GT, SIX)).intoArray(d, dOff + COUNT);
    } else {
      s00.intoArray(d, dOff);
      s01.intoArray(d, dOff + COUNT);
    }
  }
}
