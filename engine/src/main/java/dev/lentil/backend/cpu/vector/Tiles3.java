package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Elementwise.SIX;
import static dev.lentil.backend.cpu.vector.Elementwise.ZERO;
import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import jdk.incubator.vector.FloatVector;

/**
 * The register tiles of the matrix product, three vectors wide; {@link Tiles2} and {@link Tiles1} are narrower. A tile of R
 * rows and C vectors keeps its R*C sums in registers while it walks along k: per step it loads C vectors of B and broadcasts
 * R elements of A. The name is the contract: {@code tileRxC} writes {@code d[R, C*lanes] = start(i) + sum over l of a(i,l)
 * b(l)}, clipped with {@code RELU6}. There {@code a(i,l) = a[aOff + i*aRow + l]}, {@code b(l) = b[bOff + l*C*lanes ...]} and
 * {@code start(i) = start[startOff + i*startRow ...]}: a bias, with which every row starts ({@code startRow} 0), or what an
 * earlier part of the sum left in d.
 *
 * <p>A broadcast and a load take places in the processor's pipeline that a multiply-add could have, so the more sums share
 * them the better (docs/tuning.md has the sizes that were tried). 24 sums fit 32 registers; of 16, twelve sums leave
 * room for two vectors of B only, which is the 6x2 of {@link Tiles2}. Every tile is written out, since a loop over an array
 * of vectors would put them on the heap; and it calls no method of ours, since the compiler stops inlining those in a method
 * of this size, and a vector that crosses a call becomes an object. The steps along k are constants, so that the compiler
 * moves the range checks out of the loop. Tiles of 8 rows, which come with 32 registers, make ReLU6's limits themselves, since
 * a constant vector's elements are loaded from its object at every use; the smaller ones, which also serve 16 registers, take
 * the constants. For the same tiles a bias is loaded once for all rows: 24 loads from places that differ would keep so many
 * addresses alive that the compiler puts those of the loop into vector registers, and fetching one back takes the place of a
 * multiply-add.
 */
final class Tiles3 {
  private Tiles3() {}

  static void tile8x3(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, Finish finish, float[] d, int dOff, int dRow) {
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
    FloatVector s60 = s00;
    FloatVector s61 = s01;
    FloatVector s62 = s02;
    FloatVector s70 = s00;
    FloatVector s71 = s01;
    FloatVector s72 = s02;
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
      s60 = FloatVector.fromArray(SPECIES, start, startOff + 6 * startRow);
      s61 = FloatVector.fromArray(SPECIES, start, startOff + 6 * startRow + COUNT);
      s62 = FloatVector.fromArray(SPECIES, start, startOff + 6 * startRow + 2 * COUNT);
      s70 = FloatVector.fromArray(SPECIES, start, startOff + 7 * startRow);
      s71 = FloatVector.fromArray(SPECIES, start, startOff + 7 * startRow + COUNT);
      s72 = FloatVector.fromArray(SPECIES, start, startOff + 7 * startRow + 2 * COUNT);
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
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[at + 6 * aRow]);
      s60 = a6.fma(b0, s60);
      s61 = a6.fma(b1, s61);
      s62 = a6.fma(b2, s62);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[at + 7 * aRow]);
      s70 = a7.fma(b0, s70);
      s71 = a7.fma(b1, s71);
      s72 = a7.fma(b2, s72);
    }
    if (finish == Finish.RELU6) {
      FloatVector zero = FloatVector.zero(SPECIES);
      FloatVector six = FloatVector.broadcast(SPECIES, 6f);
      s00 = s00.blend(zero, s00.compare(LT, zero));
      s00.blend(six, s00.compare(GT, six)).intoArray(d, dOff);
      s01 = s01.blend(zero, s01.compare(LT, zero));
      s01.blend(six, s01.compare(GT, six)).intoArray(d, dOff + COUNT);
      s02 = s02.blend(zero, s02.compare(LT, zero));
      s02.blend(six, s02.compare(GT, six)).intoArray(d, dOff + 2 * COUNT);
      s10 = s10.blend(zero, s10.compare(LT, zero));
      s10.blend(six, s10.compare(GT, six)).intoArray(d, dOff + dRow);
      s11 = s11.blend(zero, s11.compare(LT, zero));
      s11.blend(six, s11.compare(GT, six)).intoArray(d, dOff + dRow + COUNT);
      s12 = s12.blend(zero, s12.compare(LT, zero));
      s12.blend(six, s12.compare(GT, six)).intoArray(d, dOff + dRow + 2 * COUNT);
      s20 = s20.blend(zero, s20.compare(LT, zero));
      s20.blend(six, s20.compare(GT, six)).intoArray(d, dOff + 2 * dRow);
      s21 = s21.blend(zero, s21.compare(LT, zero));
      s21.blend(six, s21.compare(GT, six)).intoArray(d, dOff + 2 * dRow + COUNT);
      s22 = s22.blend(zero, s22.compare(LT, zero));
      s22.blend(six, s22.compare(GT, six)).intoArray(d, dOff + 2 * dRow + 2 * COUNT);
      s30 = s30.blend(zero, s30.compare(LT, zero));
      s30.blend(six, s30.compare(GT, six)).intoArray(d, dOff + 3 * dRow);
      s31 = s31.blend(zero, s31.compare(LT, zero));
      s31.blend(six, s31.compare(GT, six)).intoArray(d, dOff + 3 * dRow + COUNT);
      s32 = s32.blend(zero, s32.compare(LT, zero));
      s32.blend(six, s32.compare(GT, six)).intoArray(d, dOff + 3 * dRow + 2 * COUNT);
      s40 = s40.blend(zero, s40.compare(LT, zero));
      s40.blend(six, s40.compare(GT, six)).intoArray(d, dOff + 4 * dRow);
      s41 = s41.blend(zero, s41.compare(LT, zero));
      s41.blend(six, s41.compare(GT, six)).intoArray(d, dOff + 4 * dRow + COUNT);
      s42 = s42.blend(zero, s42.compare(LT, zero));
      s42.blend(six, s42.compare(GT, six)).intoArray(d, dOff + 4 * dRow + 2 * COUNT);
      s50 = s50.blend(zero, s50.compare(LT, zero));
      s50.blend(six, s50.compare(GT, six)).intoArray(d, dOff + 5 * dRow);
      s51 = s51.blend(zero, s51.compare(LT, zero));
      s51.blend(six, s51.compare(GT, six)).intoArray(d, dOff + 5 * dRow + COUNT);
      s52 = s52.blend(zero, s52.compare(LT, zero));
      s52.blend(six, s52.compare(GT, six)).intoArray(d, dOff + 5 * dRow + 2 * COUNT);
      s60 = s60.blend(zero, s60.compare(LT, zero));
      s60.blend(six, s60.compare(GT, six)).intoArray(d, dOff + 6 * dRow);
      s61 = s61.blend(zero, s61.compare(LT, zero));
      s61.blend(six, s61.compare(GT, six)).intoArray(d, dOff + 6 * dRow + COUNT);
      s62 = s62.blend(zero, s62.compare(LT, zero));
      s62.blend(six, s62.compare(GT, six)).intoArray(d, dOff + 6 * dRow + 2 * COUNT);
      s70 = s70.blend(zero, s70.compare(LT, zero));
      s70.blend(six, s70.compare(GT, six)).intoArray(d, dOff + 7 * dRow);
      s71 = s71.blend(zero, s71.compare(LT, zero));
      s71.blend(six, s71.compare(GT, six)).intoArray(d, dOff + 7 * dRow + COUNT);
      s72 = s72.blend(zero, s72.compare(LT, zero));
      s72.blend(six, s72.compare(GT, six)).intoArray(d, dOff + 7 * dRow + 2 * COUNT);
    } else {
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
  }

  static void tile4x3(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, Finish finish, float[] d, int dOff, int dRow) {
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
    if (finish == Finish.RELU6) {
      s00 = s00.blend(ZERO, s00.compare(LT, ZERO));
      s00.blend(SIX, s00.compare(GT, SIX)).intoArray(d, dOff);
      s01 = s01.blend(ZERO, s01.compare(LT, ZERO));
      s01.blend(SIX, s01.compare(GT, SIX)).intoArray(d, dOff + COUNT);
      s02 = s02.blend(ZERO, s02.compare(LT, ZERO));
      s02.blend(SIX, s02.compare(GT, SIX)).intoArray(d, dOff + 2 * COUNT);
      s10 = s10.blend(ZERO, s10.compare(LT, ZERO));
      s10.blend(SIX, s10.compare(GT, SIX)).intoArray(d, dOff + dRow);
      s11 = s11.blend(ZERO, s11.compare(LT, ZERO));
      s11.blend(SIX, s11.compare(GT, SIX)).intoArray(d, dOff + dRow + COUNT);
      s12 = s12.blend(ZERO, s12.compare(LT, ZERO));
      s12.blend(SIX, s12.compare(GT, SIX)).intoArray(d, dOff + dRow + 2 * COUNT);
      s20 = s20.blend(ZERO, s20.compare(LT, ZERO));
      s20.blend(SIX, s20.compare(GT, SIX)).intoArray(d, dOff + 2 * dRow);
      s21 = s21.blend(ZERO, s21.compare(LT, ZERO));
      s21.blend(SIX, s21.compare(GT, SIX)).intoArray(d, dOff + 2 * dRow + COUNT);
      s22 = s22.blend(ZERO, s22.compare(LT, ZERO));
      s22.blend(SIX, s22.compare(GT, SIX)).intoArray(d, dOff + 2 * dRow + 2 * COUNT);
      s30 = s30.blend(ZERO, s30.compare(LT, ZERO));
      s30.blend(SIX, s30.compare(GT, SIX)).intoArray(d, dOff + 3 * dRow);
      s31 = s31.blend(ZERO, s31.compare(LT, ZERO));
      s31.blend(SIX, s31.compare(GT, SIX)).intoArray(d, dOff + 3 * dRow + COUNT);
      s32 = s32.blend(ZERO, s32.compare(LT, ZERO));
      s32.blend(SIX, s32.compare(GT, SIX)).intoArray(d, dOff + 3 * dRow + 2 * COUNT);
    } else {
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
  }

  static void tile1x3(int k, float[] a, int aOff, int aRow, float[] b, int bOff, float[] start, int startOff,
      int startRow, Finish finish, float[] d, int dOff, int dRow) {
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
    if (finish == Finish.RELU6) {
      s00 = s00.blend(ZERO, s00.compare(LT, ZERO));
      s00.blend(SIX, s00.compare(GT, SIX)).intoArray(d, dOff);
      s01 = s01.blend(ZERO, s01.compare(LT, ZERO));
      s01.blend(SIX, s01.compare(GT, SIX)).intoArray(d, dOff + COUNT);
      s02 = s02.blend(ZERO, s02.compare(LT, ZERO));
      s02.blend(SIX, s02.compare(GT, SIX)).intoArray(d, dOff + 2 * COUNT);
    } else {
      s00.intoArray(d, dOff);
      s01.intoArray(d, dOff + COUNT);
      s02.intoArray(d, dOff + 2 * COUNT);
    }
  }
}
