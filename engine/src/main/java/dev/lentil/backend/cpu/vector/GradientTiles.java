package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The register tiles of the product with a transposed left side, which a kernel gradient is: {@code sumRxC} writes {@code
 * d[R, 3*lanes]}, of which the first C vectors, {@code = sum over the rows l of a[aOff + l*aStep + i] b[bOff + l*bStep ...]}.
 * See {@link Tiles3}.
 */
final class GradientTiles {
  private GradientTiles() {}

  static void sum8x3(int rows, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] d) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    FloatVector s02 = FloatVector.zero(SPECIES);
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s11 = FloatVector.zero(SPECIES);
    FloatVector s12 = FloatVector.zero(SPECIES);
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s21 = FloatVector.zero(SPECIES);
    FloatVector s22 = FloatVector.zero(SPECIES);
    FloatVector s30 = FloatVector.zero(SPECIES);
    FloatVector s31 = FloatVector.zero(SPECIES);
    FloatVector s32 = FloatVector.zero(SPECIES);
    FloatVector s40 = FloatVector.zero(SPECIES);
    FloatVector s41 = FloatVector.zero(SPECIES);
    FloatVector s42 = FloatVector.zero(SPECIES);
    FloatVector s50 = FloatVector.zero(SPECIES);
    FloatVector s51 = FloatVector.zero(SPECIES);
    FloatVector s52 = FloatVector.zero(SPECIES);
    FloatVector s60 = FloatVector.zero(SPECIES);
    FloatVector s61 = FloatVector.zero(SPECIES);
    FloatVector s62 = FloatVector.zero(SPECIES);
    FloatVector s70 = FloatVector.zero(SPECIES);
    FloatVector s71 = FloatVector.zero(SPECIES);
    FloatVector s72 = FloatVector.zero(SPECIES);
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < rows; l++, at += aStep, bt += bStep) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + COUNT);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bt + 2 * COUNT);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      s02 = a0.fma(b2, s02);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      s10 = a1.fma(b0, s10);
      s11 = a1.fma(b1, s11);
      s12 = a1.fma(b2, s12);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      s20 = a2.fma(b0, s20);
      s21 = a2.fma(b1, s21);
      s22 = a2.fma(b2, s22);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3]);
      s30 = a3.fma(b0, s30);
      s31 = a3.fma(b1, s31);
      s32 = a3.fma(b2, s32);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4]);
      s40 = a4.fma(b0, s40);
      s41 = a4.fma(b1, s41);
      s42 = a4.fma(b2, s42);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[at + 5]);
      s50 = a5.fma(b0, s50);
      s51 = a5.fma(b1, s51);
      s52 = a5.fma(b2, s52);
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[at + 6]);
      s60 = a6.fma(b0, s60);
      s61 = a6.fma(b1, s61);
      s62 = a6.fma(b2, s62);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[at + 7]);
      s70 = a7.fma(b0, s70);
      s71 = a7.fma(b1, s71);
      s72 = a7.fma(b2, s72);
    }
    s00.intoArray(d, 0);
    s01.intoArray(d, COUNT);
    s02.intoArray(d, 2 * COUNT);
    s10.intoArray(d, 3 * COUNT);
    s11.intoArray(d, 4 * COUNT);
    s12.intoArray(d, 5 * COUNT);
    s20.intoArray(d, 6 * COUNT);
    s21.intoArray(d, 7 * COUNT);
    s22.intoArray(d, 8 * COUNT);
    s30.intoArray(d, 9 * COUNT);
    s31.intoArray(d, 10 * COUNT);
    s32.intoArray(d, 11 * COUNT);
    s40.intoArray(d, 12 * COUNT);
    s41.intoArray(d, 13 * COUNT);
    s42.intoArray(d, 14 * COUNT);
    s50.intoArray(d, 15 * COUNT);
    s51.intoArray(d, 16 * COUNT);
    s52.intoArray(d, 17 * COUNT);
    s60.intoArray(d, 18 * COUNT);
    s61.intoArray(d, 19 * COUNT);
    s62.intoArray(d, 20 * COUNT);
    s70.intoArray(d, 21 * COUNT);
    s71.intoArray(d, 22 * COUNT);
    s72.intoArray(d, 23 * COUNT);
  }

  static void sum4x3(int rows, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] d) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    FloatVector s02 = FloatVector.zero(SPECIES);
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s11 = FloatVector.zero(SPECIES);
    FloatVector s12 = FloatVector.zero(SPECIES);
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s21 = FloatVector.zero(SPECIES);
    FloatVector s22 = FloatVector.zero(SPECIES);
    FloatVector s30 = FloatVector.zero(SPECIES);
    FloatVector s31 = FloatVector.zero(SPECIES);
    FloatVector s32 = FloatVector.zero(SPECIES);
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < rows; l++, at += aStep, bt += bStep) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + COUNT);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bt + 2 * COUNT);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      s02 = a0.fma(b2, s02);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      s10 = a1.fma(b0, s10);
      s11 = a1.fma(b1, s11);
      s12 = a1.fma(b2, s12);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      s20 = a2.fma(b0, s20);
      s21 = a2.fma(b1, s21);
      s22 = a2.fma(b2, s22);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3]);
      s30 = a3.fma(b0, s30);
      s31 = a3.fma(b1, s31);
      s32 = a3.fma(b2, s32);
    }
    s00.intoArray(d, 0);
    s01.intoArray(d, COUNT);
    s02.intoArray(d, 2 * COUNT);
    s10.intoArray(d, 3 * COUNT);
    s11.intoArray(d, 4 * COUNT);
    s12.intoArray(d, 5 * COUNT);
    s20.intoArray(d, 6 * COUNT);
    s21.intoArray(d, 7 * COUNT);
    s22.intoArray(d, 8 * COUNT);
    s30.intoArray(d, 9 * COUNT);
    s31.intoArray(d, 10 * COUNT);
    s32.intoArray(d, 11 * COUNT);
  }

  static void sum1x3(int rows, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] d) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    FloatVector s02 = FloatVector.zero(SPECIES);
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < rows; l++, at += aStep, bt += bStep) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + COUNT);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bt + 2 * COUNT);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      s02 = a0.fma(b2, s02);
    }
    s00.intoArray(d, 0);
    s01.intoArray(d, COUNT);
    s02.intoArray(d, 2 * COUNT);
  }

  static void sum8x2(int rows, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] d) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s11 = FloatVector.zero(SPECIES);
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s21 = FloatVector.zero(SPECIES);
    FloatVector s30 = FloatVector.zero(SPECIES);
    FloatVector s31 = FloatVector.zero(SPECIES);
    FloatVector s40 = FloatVector.zero(SPECIES);
    FloatVector s41 = FloatVector.zero(SPECIES);
    FloatVector s50 = FloatVector.zero(SPECIES);
    FloatVector s51 = FloatVector.zero(SPECIES);
    FloatVector s60 = FloatVector.zero(SPECIES);
    FloatVector s61 = FloatVector.zero(SPECIES);
    FloatVector s70 = FloatVector.zero(SPECIES);
    FloatVector s71 = FloatVector.zero(SPECIES);
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < rows; l++, at += aStep, bt += bStep) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + COUNT);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      s10 = a1.fma(b0, s10);
      s11 = a1.fma(b1, s11);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      s20 = a2.fma(b0, s20);
      s21 = a2.fma(b1, s21);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3]);
      s30 = a3.fma(b0, s30);
      s31 = a3.fma(b1, s31);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4]);
      s40 = a4.fma(b0, s40);
      s41 = a4.fma(b1, s41);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[at + 5]);
      s50 = a5.fma(b0, s50);
      s51 = a5.fma(b1, s51);
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[at + 6]);
      s60 = a6.fma(b0, s60);
      s61 = a6.fma(b1, s61);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[at + 7]);
      s70 = a7.fma(b0, s70);
      s71 = a7.fma(b1, s71);
    }
    s00.intoArray(d, 0);
    s01.intoArray(d, COUNT);
    s10.intoArray(d, 3 * COUNT);
    s11.intoArray(d, 4 * COUNT);
    s20.intoArray(d, 6 * COUNT);
    s21.intoArray(d, 7 * COUNT);
    s30.intoArray(d, 9 * COUNT);
    s31.intoArray(d, 10 * COUNT);
    s40.intoArray(d, 12 * COUNT);
    s41.intoArray(d, 13 * COUNT);
    s50.intoArray(d, 15 * COUNT);
    s51.intoArray(d, 16 * COUNT);
    s60.intoArray(d, 18 * COUNT);
    s61.intoArray(d, 19 * COUNT);
    s70.intoArray(d, 21 * COUNT);
    s71.intoArray(d, 22 * COUNT);
  }

  static void sum5x2(int rows, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] d) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s11 = FloatVector.zero(SPECIES);
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s21 = FloatVector.zero(SPECIES);
    FloatVector s30 = FloatVector.zero(SPECIES);
    FloatVector s31 = FloatVector.zero(SPECIES);
    FloatVector s40 = FloatVector.zero(SPECIES);
    FloatVector s41 = FloatVector.zero(SPECIES);
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < rows; l++, at += aStep, bt += bStep) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + COUNT);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      s10 = a1.fma(b0, s10);
      s11 = a1.fma(b1, s11);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      s20 = a2.fma(b0, s20);
      s21 = a2.fma(b1, s21);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3]);
      s30 = a3.fma(b0, s30);
      s31 = a3.fma(b1, s31);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4]);
      s40 = a4.fma(b0, s40);
      s41 = a4.fma(b1, s41);
    }
    s00.intoArray(d, 0);
    s01.intoArray(d, COUNT);
    s10.intoArray(d, 3 * COUNT);
    s11.intoArray(d, 4 * COUNT);
    s20.intoArray(d, 6 * COUNT);
    s21.intoArray(d, 7 * COUNT);
    s30.intoArray(d, 9 * COUNT);
    s31.intoArray(d, 10 * COUNT);
    s40.intoArray(d, 12 * COUNT);
    s41.intoArray(d, 13 * COUNT);
  }

  static void sum4x2(int rows, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] d) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s11 = FloatVector.zero(SPECIES);
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s21 = FloatVector.zero(SPECIES);
    FloatVector s30 = FloatVector.zero(SPECIES);
    FloatVector s31 = FloatVector.zero(SPECIES);
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < rows; l++, at += aStep, bt += bStep) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + COUNT);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      s10 = a1.fma(b0, s10);
      s11 = a1.fma(b1, s11);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      s20 = a2.fma(b0, s20);
      s21 = a2.fma(b1, s21);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3]);
      s30 = a3.fma(b0, s30);
      s31 = a3.fma(b1, s31);
    }
    s00.intoArray(d, 0);
    s01.intoArray(d, COUNT);
    s10.intoArray(d, 3 * COUNT);
    s11.intoArray(d, 4 * COUNT);
    s20.intoArray(d, 6 * COUNT);
    s21.intoArray(d, 7 * COUNT);
    s30.intoArray(d, 9 * COUNT);
    s31.intoArray(d, 10 * COUNT);
  }

  static void sum1x2(int rows, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] d) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = FloatVector.zero(SPECIES);
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < rows; l++, at += aStep, bt += bStep) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + COUNT);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
    }
    s00.intoArray(d, 0);
    s01.intoArray(d, COUNT);
  }

  static void sum8x1(int rows, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] d) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s30 = FloatVector.zero(SPECIES);
    FloatVector s40 = FloatVector.zero(SPECIES);
    FloatVector s50 = FloatVector.zero(SPECIES);
    FloatVector s60 = FloatVector.zero(SPECIES);
    FloatVector s70 = FloatVector.zero(SPECIES);
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < rows; l++, at += aStep, bt += bStep) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = a0.fma(b0, s00);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      s10 = a1.fma(b0, s10);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      s20 = a2.fma(b0, s20);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3]);
      s30 = a3.fma(b0, s30);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4]);
      s40 = a4.fma(b0, s40);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[at + 5]);
      s50 = a5.fma(b0, s50);
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[at + 6]);
      s60 = a6.fma(b0, s60);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[at + 7]);
      s70 = a7.fma(b0, s70);
    }
    s00.intoArray(d, 0);
    s10.intoArray(d, 3 * COUNT);
    s20.intoArray(d, 6 * COUNT);
    s30.intoArray(d, 9 * COUNT);
    s40.intoArray(d, 12 * COUNT);
    s50.intoArray(d, 15 * COUNT);
    s60.intoArray(d, 18 * COUNT);
    s70.intoArray(d, 21 * COUNT);
  }

  static void sum10x1(int rows, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] d) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s30 = FloatVector.zero(SPECIES);
    FloatVector s40 = FloatVector.zero(SPECIES);
    FloatVector s50 = FloatVector.zero(SPECIES);
    FloatVector s60 = FloatVector.zero(SPECIES);
    FloatVector s70 = FloatVector.zero(SPECIES);
    FloatVector s80 = FloatVector.zero(SPECIES);
    FloatVector s90 = FloatVector.zero(SPECIES);
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < rows; l++, at += aStep, bt += bStep) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = a0.fma(b0, s00);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      s10 = a1.fma(b0, s10);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      s20 = a2.fma(b0, s20);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3]);
      s30 = a3.fma(b0, s30);
      FloatVector a4 = FloatVector.broadcast(SPECIES, a[at + 4]);
      s40 = a4.fma(b0, s40);
      FloatVector a5 = FloatVector.broadcast(SPECIES, a[at + 5]);
      s50 = a5.fma(b0, s50);
      FloatVector a6 = FloatVector.broadcast(SPECIES, a[at + 6]);
      s60 = a6.fma(b0, s60);
      FloatVector a7 = FloatVector.broadcast(SPECIES, a[at + 7]);
      s70 = a7.fma(b0, s70);
      FloatVector a8 = FloatVector.broadcast(SPECIES, a[at + 8]);
      s80 = a8.fma(b0, s80);
      FloatVector a9 = FloatVector.broadcast(SPECIES, a[at + 9]);
      s90 = a9.fma(b0, s90);
    }
    s00.intoArray(d, 0);
    s10.intoArray(d, 3 * COUNT);
    s20.intoArray(d, 6 * COUNT);
    s30.intoArray(d, 9 * COUNT);
    s40.intoArray(d, 12 * COUNT);
    s50.intoArray(d, 15 * COUNT);
    s60.intoArray(d, 18 * COUNT);
    s70.intoArray(d, 21 * COUNT);
    s80.intoArray(d, 24 * COUNT);
    s90.intoArray(d, 27 * COUNT);
  }

  static void sum4x1(int rows, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] d) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s10 = FloatVector.zero(SPECIES);
    FloatVector s20 = FloatVector.zero(SPECIES);
    FloatVector s30 = FloatVector.zero(SPECIES);
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < rows; l++, at += aStep, bt += bStep) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = a0.fma(b0, s00);
      FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      s10 = a1.fma(b0, s10);
      FloatVector a2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      s20 = a2.fma(b0, s20);
      FloatVector a3 = FloatVector.broadcast(SPECIES, a[at + 3]);
      s30 = a3.fma(b0, s30);
    }
    s00.intoArray(d, 0);
    s10.intoArray(d, 3 * COUNT);
    s20.intoArray(d, 6 * COUNT);
    s30.intoArray(d, 9 * COUNT);
  }

  static void sum1x1(int rows, float[] a, int aOff, int aStep, float[] b, int bOff, int bStep, float[] d) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    int at = aOff;
    int bt = bOff;
    for (int l = 0; l < rows; l++, at += aStep, bt += bStep) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector a0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = a0.fma(b0, s00);
    }
    s00.intoArray(d, 0);
  }
}
