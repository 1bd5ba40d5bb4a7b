package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The register tiles of the matrix product, three vectors wide; {@link Tiles2} and {@link Tiles1} are narrower. A tile of R
 * rows and C vectors keeps its R*C sums in registers while it walks along k: per step it loads C vectors of B and broadcasts
 * R elements of A. The name is the contract: {@code tileRxC} writes {@code d[R, C*lanes] = start(i) + sum over l of a(i,l)
 * b(l)}, with {@code a(i,l) = a[aOff + i*aRow + l]}, {@code b(l) = b[bOff + l*C*lanes ...]} and {@code start(i) =
 * start[startOff + i*startRow ...]}: a bias, with which every row starts ({@code startRow} 0), or what an earlier part of
 * the sum left in d.
 *
 * <p>A broadcast and a load take places in the processor's pipeline that a multiply-add could have, so the more sums share
 * them the better: 8x3 reaches 88% of the multiply-add peak from the first-level cache where 8x2 reaches 80%. 24 sums fit 32
 * registers; with 16 registers 4x3 is the largest. 7x3 is there because images of 224 pixels have rows of 7 times a power of
 * two. Every tile is written out, since a loop over an array of vectors would put them on the heap, and does nothing else:
 * what the compiler inlines into one method is limited, and beyond that vectors become objects. The steps along k are
 * constants, so that the compiler moves the range checks out of the loop.
 */
final class Tiles3 {
  private Tiles3() {}

  static void tile8x3(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s01 = FloatVector.fromArray(SPECIES, start, startOff + COUNT);
    FloatVector s02 = FloatVector.fromArray(SPECIES, start, startOff + 2 * COUNT);
    FloatVector s10 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
    FloatVector s11 = FloatVector.fromArray(SPECIES, start, startOff + startRow + COUNT);
    FloatVector s12 = FloatVector.fromArray(SPECIES, start, startOff + startRow + 2 * COUNT);
    FloatVector s20 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow);
    FloatVector s21 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow + COUNT);
    FloatVector s22 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow + 2 * COUNT);
    FloatVector s30 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow);
    FloatVector s31 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow + COUNT);
    FloatVector s32 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow + 2 * COUNT);
    FloatVector s40 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow);
    FloatVector s41 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow + COUNT);
    FloatVector s42 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow + 2 * COUNT);
    FloatVector s50 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow);
    FloatVector s51 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow + COUNT);
    FloatVector s52 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow + 2 * COUNT);
    FloatVector s60 = FloatVector.fromArray(SPECIES, start, startOff + 6 * startRow);
    FloatVector s61 = FloatVector.fromArray(SPECIES, start, startOff + 6 * startRow + COUNT);
    FloatVector s62 = FloatVector.fromArray(SPECIES, start, startOff + 6 * startRow + 2 * COUNT);
    FloatVector s70 = FloatVector.fromArray(SPECIES, start, startOff + 7 * startRow);
    FloatVector s71 = FloatVector.fromArray(SPECIES, start, startOff + 7 * startRow + COUNT);
    FloatVector s72 = FloatVector.fromArray(SPECIES, start, startOff + 7 * startRow + 2 * COUNT);
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
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[at + 6 * aRow]);
      s60 = a6.fma(b0, s60);
      s61 = a6.fma(b1, s61);
      s62 = a6.fma(b2, s62);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[at + 7 * aRow]);
      s70 = a7.fma(b0, s70);
      s71 = a7.fma(b1, s71);
      s72 = a7.fma(b2, s72);
    }
    s00.intoArray(d, dOff);
    s01.intoArray(d, dOff + COUNT);
    s02.intoArray(d, dOff + 2 * COUNT);
    s10.intoArray(d, dOff + dRow);
    s11.intoArray(d, dOff + dRow + COUNT);
    s12.intoArray(d, dOff + dRow + 2 * COUNT);
    s20.intoArray(d, dOff + 2 * dRow);
    s21.intoArray(d, dOff + 2 * dRow + COUNT);
    s22.intoArray(d, dOff + 2 * dRow + 2 * COUNT);
    s30.intoArray(d, dOff + 3 * dRow);
    s31.intoArray(d, dOff + 3 * dRow + COUNT);
    s32.intoArray(d, dOff + 3 * dRow + 2 * COUNT);
    s40.intoArray(d, dOff + 4 * dRow);
    s41.intoArray(d, dOff + 4 * dRow + COUNT);
    s42.intoArray(d, dOff + 4 * dRow + 2 * COUNT);
    s50.intoArray(d, dOff + 5 * dRow);
    s51.intoArray(d, dOff + 5 * dRow + COUNT);
    s52.intoArray(d, dOff + 5 * dRow + 2 * COUNT);
    s60.intoArray(d, dOff + 6 * dRow);
    s61.intoArray(d, dOff + 6 * dRow + COUNT);
    s62.intoArray(d, dOff + 6 * dRow + 2 * COUNT);
    s70.intoArray(d, dOff + 7 * dRow);
    s71.intoArray(d, dOff + 7 * dRow + COUNT);
    s72.intoArray(d, dOff + 7 * dRow + 2 * COUNT);
  }

  static void tile7x3(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s01 = FloatVector.fromArray(SPECIES, start, startOff + COUNT);
    FloatVector s02 = FloatVector.fromArray(SPECIES, start, startOff + 2 * COUNT);
    FloatVector s10 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
    FloatVector s11 = FloatVector.fromArray(SPECIES, start, startOff + startRow + COUNT);
    FloatVector s12 = FloatVector.fromArray(SPECIES, start, startOff + startRow + 2 * COUNT);
    FloatVector s20 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow);
    FloatVector s21 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow + COUNT);
    FloatVector s22 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow + 2 * COUNT);
    FloatVector s30 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow);
    FloatVector s31 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow + COUNT);
    FloatVector s32 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow + 2 * COUNT);
    FloatVector s40 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow);
    FloatVector s41 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow + COUNT);
    FloatVector s42 = FloatVector.fromArray(SPECIES, start, startOff + 4 * startRow + 2 * COUNT);
    FloatVector s50 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow);
    FloatVector s51 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow + COUNT);
    FloatVector s52 = FloatVector.fromArray(SPECIES, start, startOff + 5 * startRow + 2 * COUNT);
    FloatVector s60 = FloatVector.fromArray(SPECIES, start, startOff + 6 * startRow);
    FloatVector s61 = FloatVector.fromArray(SPECIES, start, startOff + 6 * startRow + COUNT);
    FloatVector s62 = FloatVector.fromArray(SPECIES, start, startOff + 6 * startRow + 2 * COUNT);
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
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[at + 6 * aRow]);
      s60 = a6.fma(b0, s60);
      s61 = a6.fma(b1, s61);
      s62 = a6.fma(b2, s62);
    }
    s00.intoArray(d, dOff);
    s01.intoArray(d, dOff + COUNT);
    s02.intoArray(d, dOff + 2 * COUNT);
    s10.intoArray(d, dOff + dRow);
    s11.intoArray(d, dOff + dRow + COUNT);
    s12.intoArray(d, dOff + dRow + 2 * COUNT);
    s20.intoArray(d, dOff + 2 * dRow);
    s21.intoArray(d, dOff + 2 * dRow + COUNT);
    s22.intoArray(d, dOff + 2 * dRow + 2 * COUNT);
    s30.intoArray(d, dOff + 3 * dRow);
    s31.intoArray(d, dOff + 3 * dRow + COUNT);
    s32.intoArray(d, dOff + 3 * dRow + 2 * COUNT);
    s40.intoArray(d, dOff + 4 * dRow);
    s41.intoArray(d, dOff + 4 * dRow + COUNT);
    s42.intoArray(d, dOff + 4 * dRow + 2 * COUNT);
    s50.intoArray(d, dOff + 5 * dRow);
    s51.intoArray(d, dOff + 5 * dRow + COUNT);
    s52.intoArray(d, dOff + 5 * dRow + 2 * COUNT);
    s60.intoArray(d, dOff + 6 * dRow);
    s61.intoArray(d, dOff + 6 * dRow + COUNT);
    s62.intoArray(d, dOff + 6 * dRow + 2 * COUNT);
  }

  static void tile4x3(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s01 = FloatVector.fromArray(SPECIES, start, startOff + COUNT);
    FloatVector s02 = FloatVector.fromArray(SPECIES, start, startOff + 2 * COUNT);
    FloatVector s10 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
    FloatVector s11 = FloatVector.fromArray(SPECIES, start, startOff + startRow + COUNT);
    FloatVector s12 = FloatVector.fromArray(SPECIES, start, startOff + startRow + 2 * COUNT);
    FloatVector s20 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow);
    FloatVector s21 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow + COUNT);
    FloatVector s22 = FloatVector.fromArray(SPECIES, start, startOff + 2 * startRow + 2 * COUNT);
    FloatVector s30 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow);
    FloatVector s31 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow + COUNT);
    FloatVector s32 = FloatVector.fromArray(SPECIES, start, startOff + 3 * startRow + 2 * COUNT);
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
    s00.intoArray(d, dOff);
    s01.intoArray(d, dOff + COUNT);
    s02.intoArray(d, dOff + 2 * COUNT);
    s10.intoArray(d, dOff + dRow);
    s11.intoArray(d, dOff + dRow + COUNT);
    s12.intoArray(d, dOff + dRow + 2 * COUNT);
    s20.intoArray(d, dOff + 2 * dRow);
    s21.intoArray(d, dOff + 2 * dRow + COUNT);
    s22.intoArray(d, dOff + 2 * dRow + 2 * COUNT);
    s30.intoArray(d, dOff + 3 * dRow);
    s31.intoArray(d, dOff + 3 * dRow + COUNT);
    s32.intoArray(d, dOff + 3 * dRow + 2 * COUNT);
  }

  static void tile2x3(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, float[] d, int dOff, int dRow) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, start, startOff);
    FloatVector s01 = FloatVector.fromArray(SPECIES, start, startOff + COUNT);
    FloatVector s02 = FloatVector.fromArray(SPECIES, start, startOff + 2 * COUNT);
    FloatVector s10 = FloatVector.fromArray(SPECIES, start, startOff + startRow);
    FloatVector s11 = FloatVector.fromArray(SPECIES, start, startOff + startRow + COUNT);
    FloatVector s12 = FloatVector.fromArray(SPECIES, start, startOff + startRow + 2 * COUNT);
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
    }
    s00.intoArray(d, dOff);
    s01.intoArray(d, dOff + COUNT);
    s02.intoArray(d, dOff + 2 * COUNT);
    s10.intoArray(d, dOff + dRow);
    s11.intoArray(d, dOff + dRow + COUNT);
    s12.intoArray(d, dOff + dRow + 2 * COUNT);
  }

  static void tile1x3(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, float[] d, int dOff, int dRow) {
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
    s00.intoArray(d, dOff);
    s01.intoArray(d, dOff + COUNT);
    s02.intoArray(d, dOff + 2 * COUNT);
  }
}
