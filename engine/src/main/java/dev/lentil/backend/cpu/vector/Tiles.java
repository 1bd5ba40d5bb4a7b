package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The register tiles of the matrix product. A tile of R rows and C vectors keeps its R*C sums in registers while it walks
 * along k: per step it loads C vectors of B and broadcasts R elements of A. The name is the contract: {@code tileRxC}
 * writes {@code d[R, C*lanes] = bias + sum over l of a(i,l) b(l)}, with {@code a(i,l) = a[aOff + i*aRow + l*aStep]} and
 * {@code b(l) = b[bOff + l*bStep ...]}.
 *
 * <p>With 512-bit vectors (32 registers) 8x2 keeps 16 sums in flight, enough to hide the latency of two FMA units; with 16
 * registers 4x2 is the largest that does not spill. Every tile is written out, since a loop over an array of vectors would
 * put them on the heap.
 */
final class Tiles {
  private Tiles() {}

  static void tile8x2(int k, float[] a, int aOff, int aRow, int aStep, float[] b, int bOff, int bStep, float[] bias,
      int biasOff, float[] d, int dOff, int dRow) {
    FloatVector left = FloatVector.fromArray(SPECIES, bias, biasOff);
    FloatVector right = FloatVector.fromArray(SPECIES, bias, biasOff + COUNT);
    FloatVector s00 = left;
    FloatVector s01 = right;
    FloatVector s10 = left;
    FloatVector s11 = right;
    FloatVector s20 = left;
    FloatVector s21 = right;
    FloatVector s30 = left;
    FloatVector s31 = right;
    FloatVector s40 = left;
    FloatVector s41 = right;
    FloatVector s50 = left;
    FloatVector s51 = right;
    FloatVector s60 = left;
    FloatVector s61 = right;
    FloatVector s70 = left;
    FloatVector s71 = right;
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < k; l++, at += aStep, bt += bStep) {
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

  static void tile4x2(int k, float[] a, int aOff, int aRow, int aStep, float[] b, int bOff, int bStep, float[] bias,
      int biasOff, float[] d, int dOff, int dRow) {
    FloatVector left = FloatVector.fromArray(SPECIES, bias, biasOff);
    FloatVector right = FloatVector.fromArray(SPECIES, bias, biasOff + COUNT);
    FloatVector s00 = left;
    FloatVector s01 = right;
    FloatVector s10 = left;
    FloatVector s11 = right;
    FloatVector s20 = left;
    FloatVector s21 = right;
    FloatVector s30 = left;
    FloatVector s31 = right;
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < k; l++, at += aStep, bt += bStep) {
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
    s00.intoArray(d, dOff);
    s01.intoArray(d, dOff + COUNT);
    s10.intoArray(d, dOff + dRow);
    s11.intoArray(d, dOff + dRow + COUNT);
    s20.intoArray(d, dOff + 2 * dRow);
    s21.intoArray(d, dOff + 2 * dRow + COUNT);
    s30.intoArray(d, dOff + 3 * dRow);
    s31.intoArray(d, dOff + 3 * dRow + COUNT);
  }

  static void tile1x2(int k, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] bias, int biasOff,
      float[] d, int dOff) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, bias, biasOff);
    FloatVector s1 = FloatVector.fromArray(SPECIES, bias, biasOff + COUNT);
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < k; l++, at += aStep, bt += bStep) {
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s0 = a0.fma(FloatVector.fromArray(SPECIES, b, bt), s0);
      s1 = a0.fma(FloatVector.fromArray(SPECIES, b, bt + COUNT), s1);
    }
    s0.intoArray(d, dOff);
    s1.intoArray(d, dOff + COUNT);
  }

  static void tile8x1(int k, float[] a, int aOff, int aRow, int aStep, float[] b, int bOff, int bStep, float[] bias,
      int biasOff, float[] d, int dOff, int dRow) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, bias, biasOff);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < k; l++, at += aStep, bt += bStep) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      s0 = FloatVector.broadcast(SPECIES, a[at]).fma(b0, s0);
      s1 = FloatVector.broadcast(SPECIES, a[at + aRow]).fma(b0, s1);
      s2 = FloatVector.broadcast(SPECIES, a[at + 2 * aRow]).fma(b0, s2);
      s3 = FloatVector.broadcast(SPECIES, a[at + 3 * aRow]).fma(b0, s3);
      s4 = FloatVector.broadcast(SPECIES, a[at + 4 * aRow]).fma(b0, s4);
      s5 = FloatVector.broadcast(SPECIES, a[at + 5 * aRow]).fma(b0, s5);
      s6 = FloatVector.broadcast(SPECIES, a[at + 6 * aRow]).fma(b0, s6);
      s7 = FloatVector.broadcast(SPECIES, a[at + 7 * aRow]).fma(b0, s7);
    }
    s0.intoArray(d, dOff);
    s1.intoArray(d, dOff + dRow);
    s2.intoArray(d, dOff + 2 * dRow);
    s3.intoArray(d, dOff + 3 * dRow);
    s4.intoArray(d, dOff + 4 * dRow);
    s5.intoArray(d, dOff + 5 * dRow);
    s6.intoArray(d, dOff + 6 * dRow);
    s7.intoArray(d, dOff + 7 * dRow);
  }

  static void tile1x1(int k, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] bias, int biasOff,
      float[] d, int dOff) {
    FloatVector s0 = FloatVector.fromArray(SPECIES, bias, biasOff);
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < k; l++, at += aStep, bt += bStep) {
      s0 = FloatVector.broadcast(SPECIES, a[at]).fma(FloatVector.fromArray(SPECIES, b, bt), s0);
    }
    s0.intoArray(d, dOff);
  }
}
