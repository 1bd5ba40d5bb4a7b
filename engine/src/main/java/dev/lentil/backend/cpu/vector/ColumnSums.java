package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** Sums over the rows of a {@code [rows,c]} matrix, one for each channel, in row order. */
final class ColumnSums {
  private ColumnSums() {}

  static void columnSums(int rows, int c, float[] x, int xOff, float[] sum) {
    int ch = 0;
    for (; ch + COUNT <= c; ch += COUNT) {
      FloatVector total = FloatVector.zero(SPECIES);
      for (int i = 0, at = xOff + ch; i < rows; i++, at += c) {
        total = total.add(FloatVector.fromArray(SPECIES, x, at));
      }
      total.intoArray(sum, ch);
    }
    for (; ch < c; ch++) {
      float total = 0;
      for (int i = 0, at = xOff + ch; i < rows; i++, at += c) {
        total += x[at];
      }
      sum[ch] = total;
    }
  }

  static void columnSquares(int rows, int c, float[] x, int xOff, float[] center, float[] sum) {
    int ch = 0;
    for (; ch + COUNT <= c; ch += COUNT) {
      FloatVector middle = FloatVector.fromArray(SPECIES, center, ch);
      FloatVector total = FloatVector.zero(SPECIES);
      for (int i = 0, at = xOff + ch; i < rows; i++, at += c) {
        FloatVector distance = FloatVector.fromArray(SPECIES, x, at).sub(middle);
        total = distance.fma(distance, total);
      }
      total.intoArray(sum, ch);
    }
    for (; ch < c; ch++) {
      float total = 0;
      for (int i = 0, at = xOff + ch; i < rows; i++, at += c) {
        float distance = x[at] - center[ch];
        total += distance * distance;
      }
      sum[ch] = total;
    }
  }

  static void columnProducts(int rows, int c, float[] dy, int dyOff, float[] x, int xOff, float[] center,
      float[] sum) {
    int ch = 0;
    for (; ch + COUNT <= c; ch += COUNT) {
      FloatVector middle = FloatVector.fromArray(SPECIES, center, ch);
      FloatVector total = FloatVector.zero(SPECIES);
      for (int i = 0, at = ch; i < rows; i++, at += c) {
        FloatVector distance = FloatVector.fromArray(SPECIES, x, xOff + at).sub(middle);
        total = distance.fma(FloatVector.fromArray(SPECIES, dy, dyOff + at), total);
      }
      total.intoArray(sum, ch);
    }
    for (; ch < c; ch++) {
      float total = 0;
      for (int i = 0, at = ch; i < rows; i++, at += c) {
        total += dy[dyOff + at] * (x[xOff + at] - center[ch]);
      }
      sum[ch] = total;
    }
  }
}
