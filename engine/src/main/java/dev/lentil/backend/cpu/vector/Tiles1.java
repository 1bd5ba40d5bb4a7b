package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/** Register tiles one vector wide, for what {@link Tiles3} leaves at the right edge. */
final class Tiles1 {
  private Tiles1() {}

  static void tile6x1(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, float[] limits, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s10 = s00;
    FloatVector s20 = s00;
    FloatVector s30 = s00;
    FloatVector s40 = s00;
    FloatVector s50 = s00;
    if (startRow != 0) {
      s10 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
      s20 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow);
      s30 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow);
      s40 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow);
      s50 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow);
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
    }
    FloatVector low = FloatVector.fromArray(SPECIES, limits, 0);
    FloatVector high = FloatVector.fromArray(SPECIES, limits, COUNT);
    s00 = s00.blend(low, s00.compare(LT, low));
    s00.blend(high, s00.compare(GT, high)).intoArray(d, dOff);
    s10 = s10.blend(low, s10.compare(LT, low));
    s10.blend(high, s10.compare(GT, high)).intoArray(d, dOff + dRow);
    s20 = s20.blend(low, s20.compare(LT, low));
    s20.blend(high, s20.compare(GT, high)).intoArray(d, dOff + 2 * dRow);
    s30 = s30.blend(low, s30.compare(LT, low));
    s30.blend(high, s30.compare(GT, high)).intoArray(d, dOff + 3 * dRow);
    s40 = s40.blend(low, s40.compare(LT, low));
    s40.blend(high, s40.compare(GT, high)).intoArray(d, dOff + 4 * dRow);
    s50 = s50.blend(low, s50.compare(LT, low));
    s50.blend(high, s50.compare(GT, high)).intoArray(d, dOff + 5 * dRow);
  }

  static void tile4x1(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, float[] limits, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s10 = s00;
    FloatVector s20 = s00;
    FloatVector s30 = s00;
    if (startRow != 0) {
      s10 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
      s20 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow);
      s30 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow);
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
    }
    FloatVector low = FloatVector.fromArray(SPECIES, limits, 0);
    FloatVector high = FloatVector.fromArray(SPECIES, limits, COUNT);
    s00 = s00.blend(low, s00.compare(LT, low));
    s00.blend(high, s00.compare(GT, high)).intoArray(d, dOff);
    s10 = s10.blend(low, s10.compare(LT, low));
    s10.blend(high, s10.compare(GT, high)).intoArray(d, dOff + dRow);
    s20 = s20.blend(low, s20.compare(LT, low));
    s20.blend(high, s20.compare(GT, high)).intoArray(d, dOff + 2 * dRow);
    s30 = s30.blend(low, s30.compare(LT, low));
    s30.blend(high, s30.compare(GT, high)).intoArray(d, dOff + 3 * dRow);
  }

  static void tile1x1(int k, float[] a, int aOff, float[] b, int bOff, float[] start, int startOff,
      float[] limits, float[] d, int dOff) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    for (int l = 0; l < k; l++) {
      int at = aOff + l;
      int bt = bOff + l * COUNT;
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = a0.fma(b0, s00);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, limits, 0);
    FloatVector high = FloatVector.fromArray(SPECIES, limits, COUNT);
    s00 = s00.blend(low, s00.compare(LT, low));
    s00.blend(high, s00.compare(GT, high)).intoArray(d, dOff);
  }
}
