package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The register tile one and a half vectors wide, as {@link Tiles3} has them otherwise. The half vectors of two rows share one:
 * its lower half belongs to the first of them, its upper half to the second. So eight rows need twelve sums, where {@link Tiles2}
 * would need sixteen, a quarter of whose elements nobody wants. The second vector of B has the half twice.
 */
final class PairedTiles {
  private static final VectorMask<Float> LOWER = Lanes.below(0, COUNT / 2);
  private static final VectorMask<Float> UPPER = LOWER.not();

  private PairedTiles() {}

  /** The second vector of a pair is written by halves, so nothing is written beside the columns of d. */
  static void tile8x24(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, float[] limits, float[] d, int dOff, int dRow) {
    VectorMask<Float> lower = LOWER;
    VectorMask<Float> upper = UPPER;
    int second = startOff + COUNT;
    int above = startOff + COUNT / 2;
    FloatVector s0 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s01 = FloatVector.fromArray(SPECIES, start, second)
        .blend(FloatVector.fromArray(SPECIES, start, above + startRow), upper);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    FloatVector s23 = s01;
    FloatVector s45 = s01;
    FloatVector s67 = s01;
    if (startRow != 0) {
      s1 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
      s2 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow);
      s3 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow);
      s4 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow);
      s5 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow);
      s6 = FloatVector.fromArray(SPECIES, start, startOff + 6 * startRow);
      s7 = FloatVector.fromArray(SPECIES, start, startOff + 7 * startRow);
      s23 = FloatVector.fromArray(SPECIES, start, second + 2 * startRow)
          .blend(FloatVector.fromArray(SPECIES, start, above + 3 * startRow), upper);
      s45 = FloatVector.fromArray(SPECIES, start, second + 4 * startRow)
          .blend(FloatVector.fromArray(SPECIES, start, above + 5 * startRow), upper);
      s67 = FloatVector.fromArray(SPECIES, start, second + 6 * startRow)
          .blend(FloatVector.fromArray(SPECIES, start, above + 7 * startRow), upper);
    }
    for (int l = 0; l < k; l++) {
      int at = aOff + l;
      int bt = bOff + l * (2 * COUNT);
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + COUNT);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s0 = a0.fma(b0, s0);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + aRow]);
      s1 = a1.fma(b0, s1);
      s01 = a0.blend(a1, upper).fma(b1, s01);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2 * aRow]);
      s2 = a2.fma(b0, s2);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3 * aRow]);
      s3 = a3.fma(b0, s3);
      s23 = a2.blend(a3, upper).fma(b1, s23);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4 * aRow]);
      s4 = a4.fma(b0, s4);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[at + 5 * aRow]);
      s5 = a5.fma(b0, s5);
      s45 = a4.blend(a5, upper).fma(b1, s45);
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[at + 6 * aRow]);
      s6 = a6.fma(b0, s6);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[at + 7 * aRow]);
      s7 = a7.fma(b0, s7);
      s67 = a6.blend(a7, upper).fma(b1, s67);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, limits, 0);
    FloatVector high = FloatVector.fromArray(SPECIES, limits, COUNT);
    s0 = s0.blend(low, s0.compare(LT, low));
    s0.blend(high, s0.compare(GT, high)).intoArray(d, dOff);
    s1 = s1.blend(low, s1.compare(LT, low));
    s1.blend(high, s1.compare(GT, high)).intoArray(d, dOff + dRow);
    s2 = s2.blend(low, s2.compare(LT, low));
    s2.blend(high, s2.compare(GT, high)).intoArray(d, dOff + 2 * dRow);
    s3 = s3.blend(low, s3.compare(LT, low));
    s3.blend(high, s3.compare(GT, high)).intoArray(d, dOff + 3 * dRow);
    s4 = s4.blend(low, s4.compare(LT, low));
    s4.blend(high, s4.compare(GT, high)).intoArray(d, dOff + 4 * dRow);
    s5 = s5.blend(low, s5.compare(LT, low));
    s5.blend(high, s5.compare(GT, high)).intoArray(d, dOff + 5 * dRow);
    s6 = s6.blend(low, s6.compare(LT, low));
    s6.blend(high, s6.compare(GT, high)).intoArray(d, dOff + 6 * dRow);
    s7 = s7.blend(low, s7.compare(LT, low));
    s7.blend(high, s7.compare(GT, high)).intoArray(d, dOff + 7 * dRow);
    s01 = s01.blend(low, s01.compare(LT, low));
    s01 = s01.blend(high, s01.compare(GT, high));
    s01.intoArray(d, dOff + COUNT, lower);
    s01.intoArray(d, dOff + dRow + COUNT / 2, upper);
    s23 = s23.blend(low, s23.compare(LT, low));
    s23 = s23.blend(high, s23.compare(GT, high));
    s23.intoArray(d, dOff + 2 * dRow + COUNT, lower);
    s23.intoArray(d, dOff + 3 * dRow + COUNT / 2, upper);
    s45 = s45.blend(low, s45.compare(LT, low));
    s45 = s45.blend(high, s45.compare(GT, high));
    s45.intoArray(d, dOff + 4 * dRow + COUNT, lower);
    s45.intoArray(d, dOff + 5 * dRow + COUNT / 2, upper);
    s67 = s67.blend(low, s67.compare(LT, low));
    s67 = s67.blend(high, s67.compare(GT, high));
    s67.intoArray(d, dOff + 6 * dRow + COUNT, lower);
    s67.intoArray(d, dOff + 7 * dRow + COUNT / 2, upper);
  }
}
