package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/**
 * The register tiles of the matrix product, three vectors wide; {@link Tiles2} and {@link Tiles1} are narrower. A tile of R
 * rows and C vectors keeps its R*C sums in registers while it walks along k: per step it loads C vectors of B and broadcasts
 * R elements of A. The name is the contract: {@code tileRxC} writes {@code d[R, C*lanes] = start(i) + sum over l of a(i,l)
 * b(l)}, no less and no greater than its {@link Elementwise#limits limits}. There {@code a(i,l) = a[aOff + i*aRow + l]}, {@code
 * b(l) = b[bOff + l*C*lanes ...]} and {@code start(i) = start[startOff + i*startRow ...]}: a bias, with which every row starts
 * ({@code startRow} 0), or what an earlier part of the sum left in d.
 *
 * <p>A broadcast and a load take places in the processor's pipeline that a multiply-add could have, so the more sums share
 * them the better (docs/tuning.md has the sizes that were tried). 32 registers would have room for 8 rows of three vectors. But
 * every row needs an address; where the compiler runs out of registers for them, it puts those of the loop into vector
 * registers, and fetching one back takes the place of a multiply-add. So no tile has more than 6 rows, a bias is loaded once for
 * all of them, and there is one end for all results, with limits from an array. Of 16 registers, twelve sums leave room for
 * two vectors of B only, which is the 6x2 of {@link Tiles2}.
 *
 * <p>Every tile is written out, since a loop over an array of vectors would put them on the heap; and it calls no method of ours,
 * since the compiler stops inlining those in a method of this size, and a vector that crosses a call becomes an object. The steps
 * along k are constants, so that the compiler moves the range checks out of the loop.
 */
final class Tiles3 {
  private Tiles3() {}

  static void tile6x3(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, float[] limits, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s01 = FloatVector.fromArray(SPECIES, start, startOff + COUNT);
    FloatVector s02 = FloatVector.fromArray(SPECIES, start, startOff + 2 * COUNT);
    FloatVector s10 = s00;
    FloatVector s11 = s01;
    FloatVector s12 = s02;
    FloatVector s20 = s00;
    FloatVector s21 = s01;
    FloatVector s22 = s02;
    FloatVector s30 = s00;
    FloatVector s31 = s01;
    FloatVector s32 = s02;
    FloatVector s40 = s00;
    FloatVector s41 = s01;
    FloatVector s42 = s02;
    FloatVector s50 = s00;
    FloatVector s51 = s01;
    FloatVector s52 = s02;
    if (startRow != 0) {
      s10 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
      s11 = FloatVector.fromArray(SPECIES, start, startOff + startRow + COUNT);
      s12 = FloatVector.fromArray(SPECIES, start, startOff + startRow + 2 * COUNT);
      s20 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow);
      s21 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow + COUNT);
      s22 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow + 2 * COUNT);
      s30 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow);
      s31 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow + COUNT);
      s32 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow + 2 * COUNT);
      s40 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow);
      s41 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow + COUNT);
      s42 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow + 2 * COUNT);
      s50 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow);
      s51 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow + COUNT);
      s52 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow + 2 * COUNT);
    }
    for (int l = 0; l < k; l++) {
      int at = aOff + l;
      int bt = bOff + l * (3 * COUNT);
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + COUNT);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bt + 2 * COUNT);
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
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3 * aRow]);
      s30 = a3.fma(b0, s30);
      s31 = a3.fma(b1, s31);
      s32 = a3.fma(b2, s32);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4 * aRow]);
      s40 = a4.fma(b0, s40);
      s41 = a4.fma(b1, s41);
      s42 = a4.fma(b2, s42);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[at + 5 * aRow]);
      s50 = a5.fma(b0, s50);
      s51 = a5.fma(b1, s51);
      s52 = a5.fma(b2, s52);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, limits, 0);
    FloatVector high = FloatVector.fromArray(SPECIES, limits, COUNT);
    s00 = s00.blend(low, s00.compare(LT, low));
    s00.blend(high, s00.compare(GT, high)).intoArray(d, dOff);
    s01 = s01.blend(low, s01.compare(LT, low));
    s01.blend(high, s01.compare(GT, high)).intoArray(d, dOff + COUNT);
    s02 = s02.blend(low, s02.compare(LT, low));
    s02.blend(high, s02.compare(GT, high)).intoArray(d, dOff + 2 * COUNT);
    s10 = s10.blend(low, s10.compare(LT, low));
    s10.blend(high, s10.compare(GT, high)).intoArray(d, dOff + dRow);
    s11 = s11.blend(low, s11.compare(LT, low));
    s11.blend(high, s11.compare(GT, high)).intoArray(d, dOff + dRow + COUNT);
    s12 = s12.blend(low, s12.compare(LT, low));
    s12.blend(high, s12.compare(GT, high)).intoArray(d, dOff + dRow + 2 * COUNT);
    s20 = s20.blend(low, s20.compare(LT, low));
    s20.blend(high, s20.compare(GT, high)).intoArray(d, dOff + 2 * dRow);
    s21 = s21.blend(low, s21.compare(LT, low));
    s21.blend(high, s21.compare(GT, high)).intoArray(d, dOff + 2 * dRow + COUNT);
    s22 = s22.blend(low, s22.compare(LT, low));
    s22.blend(high, s22.compare(GT, high)).intoArray(d, dOff + 2 * dRow + 2 * COUNT);
    s30 = s30.blend(low, s30.compare(LT, low));
    s30.blend(high, s30.compare(GT, high)).intoArray(d, dOff + 3 * dRow);
    s31 = s31.blend(low, s31.compare(LT, low));
    s31.blend(high, s31.compare(GT, high)).intoArray(d, dOff + 3 * dRow + COUNT);
    s32 = s32.blend(low, s32.compare(LT, low));
    s32.blend(high, s32.compare(GT, high)).intoArray(d, dOff + 3 * dRow + 2 * COUNT);
    s40 = s40.blend(low, s40.compare(LT, low));
    s40.blend(high, s40.compare(GT, high)).intoArray(d, dOff + 4 * dRow);
    s41 = s41.blend(low, s41.compare(LT, low));
    s41.blend(high, s41.compare(GT, high)).intoArray(d, dOff + 4 * dRow + COUNT);
    s42 = s42.blend(low, s42.compare(LT, low));
    s42.blend(high, s42.compare(GT, high)).intoArray(d, dOff + 4 * dRow + 2 * COUNT);
    s50 = s50.blend(low, s50.compare(LT, low));
    s50.blend(high, s50.compare(GT, high)).intoArray(d, dOff + 5 * dRow);
    s51 = s51.blend(low, s51.compare(LT, low));
    s51.blend(high, s51.compare(GT, high)).intoArray(d, dOff + 5 * dRow + COUNT);
    s52 = s52.blend(low, s52.compare(LT, low));
    s52.blend(high, s52.compare(GT, high)).intoArray(d, dOff + 5 * dRow + 2 * COUNT);
  }

  static void tile4x3(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, float[] limits, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s01 = FloatVector.fromArray(SPECIES, start, startOff + COUNT);
    FloatVector s02 = FloatVector.fromArray(SPECIES, start, startOff + 2 * COUNT);
    FloatVector s10 = s00;
    FloatVector s11 = s01;
    FloatVector s12 = s02;
    FloatVector s20 = s00;
    FloatVector s21 = s01;
    FloatVector s22 = s02;
    FloatVector s30 = s00;
    FloatVector s31 = s01;
    FloatVector s32 = s02;
    if (startRow != 0) {
      s10 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
      s11 = FloatVector.fromArray(SPECIES, start, startOff + startRow + COUNT);
      s12 = FloatVector.fromArray(SPECIES, start, startOff + startRow + 2 * COUNT);
      s20 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow);
      s21 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow + COUNT);
      s22 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow + 2 * COUNT);
      s30 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow);
      s31 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow + COUNT);
      s32 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow + 2 * COUNT);
    }
    for (int l = 0; l < k; l++) {
      int at = aOff + l;
      int bt = bOff + l * (3 * COUNT);
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + COUNT);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bt + 2 * COUNT);
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
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3 * aRow]);
      s30 = a3.fma(b0, s30);
      s31 = a3.fma(b1, s31);
      s32 = a3.fma(b2, s32);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, limits, 0);
    FloatVector high = FloatVector.fromArray(SPECIES, limits, COUNT);
    s00 = s00.blend(low, s00.compare(LT, low));
    s00.blend(high, s00.compare(GT, high)).intoArray(d, dOff);
    s01 = s01.blend(low, s01.compare(LT, low));
    s01.blend(high, s01.compare(GT, high)).intoArray(d, dOff + COUNT);
    s02 = s02.blend(low, s02.compare(LT, low));
    s02.blend(high, s02.compare(GT, high)).intoArray(d, dOff + 2 * COUNT);
    s10 = s10.blend(low, s10.compare(LT, low));
    s10.blend(high, s10.compare(GT, high)).intoArray(d, dOff + dRow);
    s11 = s11.blend(low, s11.compare(LT, low));
    s11.blend(high, s11.compare(GT, high)).intoArray(d, dOff + dRow + COUNT);
    s12 = s12.blend(low, s12.compare(LT, low));
    s12.blend(high, s12.compare(GT, high)).intoArray(d, dOff + dRow + 2 * COUNT);
    s20 = s20.blend(low, s20.compare(LT, low));
    s20.blend(high, s20.compare(GT, high)).intoArray(d, dOff + 2 * dRow);
    s21 = s21.blend(low, s21.compare(LT, low));
    s21.blend(high, s21.compare(GT, high)).intoArray(d, dOff + 2 * dRow + COUNT);
    s22 = s22.blend(low, s22.compare(LT, low));
    s22.blend(high, s22.compare(GT, high)).intoArray(d, dOff + 2 * dRow + 2 * COUNT);
    s30 = s30.blend(low, s30.compare(LT, low));
    s30.blend(high, s30.compare(GT, high)).intoArray(d, dOff + 3 * dRow);
    s31 = s31.blend(low, s31.compare(LT, low));
    s31.blend(high, s31.compare(GT, high)).intoArray(d, dOff + 3 * dRow + COUNT);
    s32 = s32.blend(low, s32.compare(LT, low));
    s32.blend(high, s32.compare(GT, high)).intoArray(d, dOff + 3 * dRow + 2 * COUNT);
  }

  static void tile1x3(int k, float[] a, int aOff, float[] b, int bOff, float[] start, int startOff,
      float[] limits, float[] d, int dOff) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s01 = FloatVector.fromArray(SPECIES, start, startOff + COUNT);
    FloatVector s02 = FloatVector.fromArray(SPECIES, start, startOff + 2 * COUNT);
    for (int l = 0; l < k; l++) {
      int at = aOff + l;
      int bt = bOff + l * (3 * COUNT);
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + COUNT);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bt + 2 * COUNT);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      s02 = a0.fma(b2, s02);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, limits, 0);
    FloatVector high = FloatVector.fromArray(SPECIES, limits, COUNT);
    s00 = s00.blend(low, s00.compare(LT, low));
    s00.blend(high, s00.compare(GT, high)).intoArray(d, dOff);
    s01 = s01.blend(low, s01.compare(LT, low));
    s01.blend(high, s01.compare(GT, high)).intoArray(d, dOff + COUNT);
    s02 = s02.blend(low, s02.compare(LT, low));
    s02.blend(high, s02.compare(GT, high)).intoArray(d, dOff + 2 * COUNT);
  }
}
