package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

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

  static void columnMoments(int rows, int c, float[] x, int xOff, float[] center, float[] sum, float[] squares) {
    int ch = 0;
    for (; ch + 2 * COUNT <= c; ch += 2 * COUNT) {
      FloatVector center0 = FloatVector.fromArray(SPECIES, center, ch);
      FloatVector center1 = FloatVector.fromArray(SPECIES, center, ch + COUNT);
      FloatVector sum0 = FloatVector.zero(SPECIES);
      FloatVector sum1 = FloatVector.zero(SPECIES);
      FloatVector squares0 = FloatVector.zero(SPECIES);
      FloatVector squares1 = FloatVector.zero(SPECIES);
      for (int i = 0, at = xOff + ch; i < rows; i++, at += c) {
        FloatVector distance0 = FloatVector.fromArray(SPECIES, x, at).sub(center0);
        FloatVector distance1 = FloatVector.fromArray(SPECIES, x, at + COUNT).sub(center1);
        sum0 = sum0.add(distance0);
        sum1 = sum1.add(distance1);
        squares0 = distance0.fma(distance0, squares0);
        squares1 = distance1.fma(distance1, squares1);
      }
      sum0.intoArray(sum, ch);
      sum1.intoArray(sum, ch + COUNT);
      squares0.intoArray(squares, ch);
      squares1.intoArray(squares, ch + COUNT);
    }
    for (; ch + COUNT <= c; ch += COUNT) {
      FloatVector middle = FloatVector.fromArray(SPECIES, center, ch);
      FloatVector total = FloatVector.zero(SPECIES);
      FloatVector square = FloatVector.zero(SPECIES);
      for (int i = 0, at = xOff + ch; i < rows; i++, at += c) {
        FloatVector distance = FloatVector.fromArray(SPECIES, x, at).sub(middle);
        total = total.add(distance);
        square = distance.fma(distance, square);
      }
      total.intoArray(sum, ch);
      square.intoArray(squares, ch);
    }
    for (; ch < c; ch++) {
      float total = 0;
      float square = 0;
      for (int i = 0, at = xOff + ch; i < rows; i++, at += c) {
        float distance = x[at] - center[ch];
        total += distance;
        square = Math.fma(distance, distance, square);
      }
      sum[ch] = total;
      squares[ch] = square;
    }
  }

  static void rectifiedSums(int rows, int c, float[] x, int xOff, float[] center, float[] scale, float[] shift,
      float[] dy, int dyOff, float[] sum, float[] product) {
    int ch = 0;
    for (; ch + 2 * COUNT <= c; ch += 2 * COUNT) {
      FloatVector middle0 = FloatVector.fromArray(SPECIES, center, ch);
      FloatVector middle1 = FloatVector.fromArray(SPECIES, center, ch + COUNT);
      FloatVector factor0 = FloatVector.fromArray(SPECIES, scale, ch);
      FloatVector factor1 = FloatVector.fromArray(SPECIES, scale, ch + COUNT);
      FloatVector offset0 = FloatVector.fromArray(SPECIES, shift, ch);
      FloatVector offset1 = FloatVector.fromArray(SPECIES, shift, ch + COUNT);
      FloatVector total0 = FloatVector.zero(SPECIES);
      FloatVector total1 = FloatVector.zero(SPECIES);
      FloatVector products0 = FloatVector.zero(SPECIES);
      FloatVector products1 = FloatVector.zero(SPECIES);
      for (int i = 0, at = ch; i < rows; i++, at += c) {
        FloatVector distance0 = FloatVector.fromArray(SPECIES, x, xOff + at).sub(middle0);
        FloatVector distance1 = FloatVector.fromArray(SPECIES, x, xOff + at + COUNT).sub(middle1);
        FloatVector y0 = distance0.fma(factor0, offset0);
        FloatVector y1 = distance1.fma(factor1, offset1);
        VectorMask<Float> open0 =
            y0.compare(VectorOperators.GT, Elementwise.ZERO).and(y0.compare(VectorOperators.LT, Elementwise.SIX));
        VectorMask<Float> open1 =
            y1.compare(VectorOperators.GT, Elementwise.ZERO).and(y1.compare(VectorOperators.LT, Elementwise.SIX));
        FloatVector passed0 = Elementwise.ZERO.blend(FloatVector.fromArray(SPECIES, dy, dyOff + at), open0);
        FloatVector passed1 = Elementwise.ZERO.blend(FloatVector.fromArray(SPECIES, dy, dyOff + at + COUNT), open1);
        passed0.intoArray(dy, dyOff + at);
        passed1.intoArray(dy, dyOff + at + COUNT);
        total0 = total0.add(passed0);
        total1 = total1.add(passed1);
        products0 = distance0.fma(passed0, products0);
        products1 = distance1.fma(passed1, products1);
      }
      total0.intoArray(sum, ch);
      total1.intoArray(sum, ch + COUNT);
      products0.intoArray(product, ch);
      products1.intoArray(product, ch + COUNT);
    }
    for (; ch + COUNT <= c; ch += COUNT) {
      FloatVector middle = FloatVector.fromArray(SPECIES, center, ch);
      FloatVector factor = FloatVector.fromArray(SPECIES, scale, ch);
      FloatVector offset = FloatVector.fromArray(SPECIES, shift, ch);
      FloatVector total = FloatVector.zero(SPECIES);
      FloatVector products = FloatVector.zero(SPECIES);
      for (int i = 0, at = ch; i < rows; i++, at += c) {
        FloatVector distance = FloatVector.fromArray(SPECIES, x, xOff + at).sub(middle);
        FloatVector y = distance.fma(factor, offset);
        VectorMask<Float> open =
            y.compare(VectorOperators.GT, Elementwise.ZERO).and(y.compare(VectorOperators.LT, Elementwise.SIX));
        FloatVector passed = Elementwise.ZERO.blend(FloatVector.fromArray(SPECIES, dy, dyOff + at), open);
        passed.intoArray(dy, dyOff + at);
        total = total.add(passed);
        products = distance.fma(passed, products);
      }
      total.intoArray(sum, ch);
      products.intoArray(product, ch);
    }
    for (; ch < c; ch++) {
      float total = 0;
      float products = 0;
      for (int i = 0, at = ch; i < rows; i++, at += c) {
        float distance = x[xOff + at] - center[ch];
        float y = Math.fma(distance, scale[ch], shift[ch]);
        float passed = y > 0 && y < 6 ? dy[dyOff + at] : 0;
        dy[dyOff + at] = passed;
        total += passed;
        products = Math.fma(distance, passed, products);
      }
      sum[ch] = total;
      product[ch] = products;
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
