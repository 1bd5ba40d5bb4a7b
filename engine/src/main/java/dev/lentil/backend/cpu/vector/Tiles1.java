package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Elementwise.SIX;
import static dev.lentil.backend.cpu.vector.Elementwise.ZERO;
import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import jdk.incubator.vector.FloatVector;

/** Register tiles one vector wide, for what {@link Tiles3} leaves at the right edge. */
final class Tiles1 {
  private Tiles1() {}

  static void tile8x1(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, Finish finish, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s10 = s00;
    FloatVector s20 = s00;
    FloatVector s30 = s00;
    FloatVector s40 = s00;
    FloatVector s50 = s00;
    FloatVector s60 = s00;
    FloatVector s70 = s00;
    if (startRow != 0) {
      s10 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
      s20 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow);
      s30 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow);
      s40 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow);
      s50 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow);
      s60 = FloatVector.fromArray(SPECIES, start, startOff + 6 * startRow);
      s70 = FloatVector.fromArray(SPECIES, start, startOff + 7 * startRow);
    }
    for (int l = 0; l < k; l++) {
      int at = aOff + l;
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
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[at + 6 * aRow]);
      s60 = a6.fma(b0, s60);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[at + 7 * aRow]);
      s70 = a7.fma(b0, s70);
    }
    if (finish == Finish.RELU6) {
      FloatVector zero = FloatVector.zero(SPECIES);
      FloatVector six = FloatVector.broadcast(SPECIES, 6f);
      s00 = s00.blend(zero, s00.compare(LT, zero));
      s00.blend(six, s00.compare(GT, six)).intoArray(d, dOff);
      s10 = s10.blend(zero, s10.compare(LT, zero));
      s10.blend(six, s10.compare(GT, six)).intoArray(d, dOff + dRow);
      s20 = s20.blend(zero, s20.compare(LT, zero));
      s20.blend(six, s20.compare(GT, six)).intoArray(d, dOff + 2 * dRow);
      s30 = s30.blend(zero, s30.compare(LT, zero));
      s30.blend(six, s30.compare(GT, six)).intoArray(d, dOff + 3 * dRow);
      s40 = s40.blend(zero, s40.compare(LT, zero));
      s40.blend(six, s40.compare(GT, six)).intoArray(d, dOff + 4 * dRow);
      s50 = s50.blend(zero, s50.compare(LT, zero));
      s50.blend(six, s50.compare(GT, six)).intoArray(d, dOff + 5 * dRow);
      s60 = s60.blend(zero, s60.compare(LT, zero));
      s60.blend(six, s60.compare(GT, six)).intoArray(d, dOff + 6 * dRow);
      s70 = s70.blend(zero, s70.compare(LT, zero));
      s70.blend(six, s70.compare(GT, six)).intoArray(d, dOff + 7 * dRow);
    } else {
      s00.intoArray(d, dOff);
      s10.intoArray(d, dOff + dRow);
      s20.intoArray(d, dOff + 2 * dRow);
      s30.intoArray(d, dOff + 3 * dRow);
      s40.intoArray(d, dOff + 4 * dRow);
      s50.intoArray(d, dOff + 5 * dRow);
      s60.intoArray(d, dOff + 6 * dRow);
      s70.intoArray(d, dOff + 7 * dRow);
    }
  }

  static void tile6x1(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, Finish finish, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s10 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
    FloatVector s20 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow);
    FloatVector s30 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow);
    FloatVector s40 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow);
    FloatVector s50 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow);
    for (int l = 0; l < k; l++) {
      int at = aOff + l;
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
    if (finish == Finish.RELU6) {
      s00 = s00.blend(ZERO, s00.compare(LT, ZERO));
      s00.blend(SIX, s00.compare(GT, SIX)).intoArray(d, dOff);
      s10 = s10.blend(ZERO, s10.compare(LT, ZERO));
      s10.blend(SIX, s10.compare(GT, SIX)).intoArray(d, dOff + dRow);
      s20 = s20.blend(ZERO, s20.compare(LT, ZERO));
      s20.blend(SIX, s20.compare(GT, SIX)).intoArray(d, dOff + 2 * dRow);
      s30 = s30.blend(ZERO, s30.compare(LT, ZERO));
      s30.blend(SIX, s30.compare(GT, SIX)).intoArray(d, dOff + 3 * dRow);
      s40 = s40.blend(ZERO, s40.compare(LT, ZERO));
      s40.blend(SIX, s40.compare(GT, SIX)).intoArray(d, dOff + 4 * dRow);
      s50 = s50.blend(ZERO, s50.compare(LT, ZERO));
      s50.blend(SIX, s50.compare(GT, SIX)).intoArray(d, dOff + 5 * dRow);
    } else {
      s00.intoArray(d, dOff);
      s10.intoArray(d, dOff + dRow);
      s20.intoArray(d, dOff + 2 * dRow);
      s30.intoArray(d, dOff + 3 * dRow);
      s40.intoArray(d, dOff + 4 * dRow);
      s50.intoArray(d, dOff + 5 * dRow);
    }
  }

  static void tile4x1(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, Finish finish, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s10 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
    FloatVector s20 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow);
    FloatVector s30 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow);
    for (int l = 0; l < k; l++) {
      int at = aOff + l;
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
    }
    if (finish == Finish.RELU6) {
      s00 = s00.blend(ZERO, s00.compare(LT, ZERO));
      s00.blend(SIX, s00.compare(GT, SIX)).intoArray(d, dOff);
      s10 = s10.blend(ZERO, s10.compare(LT, ZERO));
      s10.blend(SIX, s10.compare(GT, SIX)).intoArray(d, dOff + dRow);
      s20 = s20.blend(ZERO, s20.compare(LT, ZERO));
      s20.blend(SIX, s20.compare(GT, SIX)).intoArray(d, dOff + 2 * dRow);
      s30 = s30.blend(ZERO, s30.compare(LT, ZERO));
      s30.blend(SIX, s30.compare(GT, SIX)).intoArray(d, dOff + 3 * dRow);
    } else {
      s00.intoArray(d, dOff);
      s10.intoArray(d, dOff + dRow);
      s20.intoArray(d, dOff + 2 * dRow);
      s30.intoArray(d, dOff + 3 * dRow);
    }
  }

  static void tile1x1(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, Finish finish, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    for (int l = 0; l < k; l++) {
      int at = aOff + l;
      int bt = bOff + l * COUNT;
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = a0.fma(b0, s00);
    }
    if (finish == Finish.RELU6) {
      s00 = s00.blend(ZERO, s00.compare(LT, ZERO));
      s00.blend(SIX, s00.compare(GT, SIX)).intoArray(d, dOff);
    } else {
      s00.intoArray(d, dOff);
    }
  }
}
