package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Window;
import jdk.incubator.vector.FloatVector;

/**
 * Depthwise convolution over a group of channels as wide as a matrix product's panel, whose rows are few enough to be in
 * the first-level cache. Several neighbouring pixels are made together: each column of the input is loaded once and goes
 * into all the sums that it belongs to, since an array in Java starts at no multiple of a vector's size, so that nearly
 * every load touches two cache lines.
 */
final class DepthwiseGroup {
  private static final int PANEL = MatrixProduct.PANEL;

  private DepthwiseGroup() {}

  static void row(Window g, int oy, int channels, float[] x, int xOff, int zeros, float[] w, int wOff, float[] bias,
      int biasOff, Finish finish, float[] y, int yOff, int yStride) {
    float low = finish == Finish.RELU6 ? 0 : Float.NEGATIVE_INFINITY;
    float high = finish == Finish.RELU6 ? 6 : Float.POSITIVE_INFINITY;
    int stride = g.stride();
    int firstRow = oy * stride - g.padTop();
    // pixels whose window lies inside the row, as many as are made together; the others are made one by one
    int inner = Math.min(g.outW(), (g.padLeft() + stride - 1) / stride);
    int innerEnd = Math.min(g.outW(), Math.floorDiv(g.inW() - g.kernelW() + g.padLeft(), stride) + 1);
    int together = stride == 1 ? 4 : 2;
    innerEnd = is3x3(g) && innerEnd > inner ? innerEnd - (innerEnd - inner) % together : inner;
    for (int ch = 0; ch < channels; ch += COUNT) {
      oneByOne(g, firstRow, 0, inner, x, xOff + ch, zeros + ch, w, wOff + ch, bias, biasOff + ch, low, high, y,
          yOff + ch, yStride);
      if (inner < innerEnd) {
        int column = (inner * stride - g.padLeft()) * PANEL + ch;
        int row0 = rowAt(g, firstRow, xOff, zeros) + column;
        int row1 = rowAt(g, firstRow + 1, xOff, zeros) + column;
        int row2 = rowAt(g, firstRow + 2, xOff, zeros) + column;
        int to = yOff + inner * yStride + ch;
        if (stride == 1) {
          inner3x3(innerEnd - inner, x, row0, row1, row2, w, wOff + ch, bias, biasOff + ch, low, high, y, to, yStride);
        } else {
          inner3x3by2(innerEnd - inner, x, row0, row1, row2, w, wOff + ch, bias, biasOff + ch, low, high, y, to,
              yStride);
        }
      }
      oneByOne(g, firstRow, innerEnd, g.outW(), x, xOff + ch, zeros + ch, w, wOff + ch, bias, biasOff + ch, low, high,
          y, yOff + ch, yStride);
    }
  }

  /** Whether the kernel is of the kind that has loops of its own. */
  private static boolean is3x3(Window g) {
    return g.kernelH() == 3 && g.kernelW() == 3 && g.stride() <= 2;
  }

  private static void oneByOne(Window g, int firstRow, int from, int to, float[] x, int xAt, int zeros, float[] w,
      int wAt, float[] bias, int biasAt, float low, float high, float[] y, int yAt, int yStride) {
    for (int ox = from; ox < to; ox++) {
      int firstColumn = ox * g.stride() - g.padLeft();
      if (is3x3(g)) {
        pixel3x3(g, firstRow, firstColumn, x, xAt, zeros, w, wAt, bias, biasAt, low, high, y, yAt + ox * yStride);
      } else {
        pixel(g, firstRow, firstColumn, x, xAt, w, wAt, bias, biasAt, low, high, y, yAt + ox * yStride);
      }
    }
  }

  private static int rowAt(Window g, int iy, int xOff, int zeros) {
    return iy < 0 || iy >= g.inH() ? zeros : xOff + iy * g.inW() * PANEL;
  }

  /** Stride 1: four pixels from six columns at a time. */
  private static void inner3x3(int pixels, float[] x, int row0, int row1, int row2, float[] w, int wAt, float[] bias,
      int biasAt, float lowest, float highest, float[] y, int yAt, int yStride) {
    FloatVector low = FloatVector.broadcast(SPECIES, lowest);
    FloatVector high = FloatVector.broadcast(SPECIES, highest);
    FloatVector w00 = FloatVector.fromArray(SPECIES, w, wAt);
    FloatVector w01 = FloatVector.fromArray(SPECIES, w, wAt + PANEL);
    FloatVector w02 = FloatVector.fromArray(SPECIES, w, wAt + 2 * PANEL);
    FloatVector w10 = FloatVector.fromArray(SPECIES, w, wAt + 3 * PANEL);
    FloatVector w11 = FloatVector.fromArray(SPECIES, w, wAt + 4 * PANEL);
    FloatVector w12 = FloatVector.fromArray(SPECIES, w, wAt + 5 * PANEL);
    FloatVector w20 = FloatVector.fromArray(SPECIES, w, wAt + 6 * PANEL);
    FloatVector w21 = FloatVector.fromArray(SPECIES, w, wAt + 7 * PANEL);
    FloatVector w22 = FloatVector.fromArray(SPECIES, w, wAt + 8 * PANEL);
    FloatVector shift = FloatVector.fromArray(SPECIES, bias, biasAt);
    for (int p = 0; p < pixels; p += 4) {
      int at = p * PANEL;
      FloatVector a = FloatVector.fromArray(SPECIES, x, row0 + at);
      FloatVector b = FloatVector.fromArray(SPECIES, x, row1 + at);
      FloatVector c = FloatVector.fromArray(SPECIES, x, row2 + at);
      FloatVector s0 = c.fma(w20, b.fma(w10, a.fma(w00, shift)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + PANEL);
      s0 = c.fma(w21, b.fma(w11, a.fma(w01, s0)));
      FloatVector s1 = c.fma(w20, b.fma(w10, a.fma(w00, shift)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + 2 * PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + 2 * PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + 2 * PANEL);
      s0 = c.fma(w22, b.fma(w12, a.fma(w02, s0)));
      s1 = c.fma(w21, b.fma(w11, a.fma(w01, s1)));
      FloatVector s2 = c.fma(w20, b.fma(w10, a.fma(w00, shift)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + 3 * PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + 3 * PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + 3 * PANEL);
      s1 = c.fma(w22, b.fma(w12, a.fma(w02, s1)));
      s2 = c.fma(w21, b.fma(w11, a.fma(w01, s2)));
      FloatVector s3 = c.fma(w20, b.fma(w10, a.fma(w00, shift)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + 4 * PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + 4 * PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + 4 * PANEL);
      s2 = c.fma(w22, b.fma(w12, a.fma(w02, s2)));
      s3 = c.fma(w21, b.fma(w11, a.fma(w01, s3)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + 5 * PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + 5 * PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + 5 * PANEL);
      s3 = c.fma(w22, b.fma(w12, a.fma(w02, s3)));
      s0 = s0.blend(low, s0.compare(LT, low));
      s0.blend(high, s0.compare(GT, high)).intoArray(y, yAt + p * yStride);
      s1 = s1.blend(low, s1.compare(LT, low));
      s1.blend(high, s1.compare(GT, high)).intoArray(y, yAt + (p + 1) * yStride);
      s2 = s2.blend(low, s2.compare(LT, low));
      s2.blend(high, s2.compare(GT, high)).intoArray(y, yAt + (p + 2) * yStride);
      s3 = s3.blend(low, s3.compare(LT, low));
      s3.blend(high, s3.compare(GT, high)).intoArray(y, yAt + (p + 3) * yStride);
    }
  }

  /** Stride 2: two pixels from five columns at a time. */
  private static void inner3x3by2(int pixels, float[] x, int row0, int row1, int row2, float[] w, int wAt,
      float[] bias, int biasAt, float lowest, float highest, float[] y, int yAt, int yStride) {
    FloatVector low = FloatVector.broadcast(SPECIES, lowest);
    FloatVector high = FloatVector.broadcast(SPECIES, highest);
    FloatVector w00 = FloatVector.fromArray(SPECIES, w, wAt);
    FloatVector w01 = FloatVector.fromArray(SPECIES, w, wAt + PANEL);
    FloatVector w02 = FloatVector.fromArray(SPECIES, w, wAt + 2 * PANEL);
    FloatVector w10 = FloatVector.fromArray(SPECIES, w, wAt + 3 * PANEL);
    FloatVector w11 = FloatVector.fromArray(SPECIES, w, wAt + 4 * PANEL);
    FloatVector w12 = FloatVector.fromArray(SPECIES, w, wAt + 5 * PANEL);
    FloatVector w20 = FloatVector.fromArray(SPECIES, w, wAt + 6 * PANEL);
    FloatVector w21 = FloatVector.fromArray(SPECIES, w, wAt + 7 * PANEL);
    FloatVector w22 = FloatVector.fromArray(SPECIES, w, wAt + 8 * PANEL);
    FloatVector shift = FloatVector.fromArray(SPECIES, bias, biasAt);
    for (int p = 0; p < pixels; p += 2) {
      int at = 2 * p * PANEL;
      FloatVector a = FloatVector.fromArray(SPECIES, x, row0 + at);
      FloatVector b = FloatVector.fromArray(SPECIES, x, row1 + at);
      FloatVector c = FloatVector.fromArray(SPECIES, x, row2 + at);
      FloatVector s0 = c.fma(w20, b.fma(w10, a.fma(w00, shift)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + PANEL);
      s0 = c.fma(w21, b.fma(w11, a.fma(w01, s0)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + 2 * PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + 2 * PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + 2 * PANEL);
      s0 = c.fma(w22, b.fma(w12, a.fma(w02, s0)));
      FloatVector s1 = c.fma(w20, b.fma(w10, a.fma(w00, shift)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + 3 * PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + 3 * PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + 3 * PANEL);
      s1 = c.fma(w21, b.fma(w11, a.fma(w01, s1)));
      a = FloatVector.fromArray(SPECIES, x, row0 + at + 4 * PANEL);
      b = FloatVector.fromArray(SPECIES, x, row1 + at + 4 * PANEL);
      c = FloatVector.fromArray(SPECIES, x, row2 + at + 4 * PANEL);
      s1 = c.fma(w22, b.fma(w12, a.fma(w02, s1)));
      s0 = s0.blend(low, s0.compare(LT, low));
      s0.blend(high, s0.compare(GT, high)).intoArray(y, yAt + p * yStride);
      s1 = s1.blend(low, s1.compare(LT, low));
      s1.blend(high, s1.compare(GT, high)).intoArray(y, yAt + (p + 1) * yStride);
    }
  }

  /** One pixel of a 3x3 kernel: what lies outside the image is read from the zeros. */
  private static void pixel3x3(Window g, int firstRow, int firstColumn, float[] x, int xAt, int zeros, float[] w,
      int wAt,
      float[] bias, int biasAt, float lowest, float highest, float[] y, int yAt) {
    FloatVector low = FloatVector.broadcast(SPECIES, lowest);
    FloatVector high = FloatVector.broadcast(SPECIES, highest);
    FloatVector sum = FloatVector.fromArray(SPECIES, bias, biasAt);
    boolean in0 = firstColumn >= 0 && firstColumn < g.inW();
    boolean in1 = firstColumn + 1 >= 0 && firstColumn + 1 < g.inW();
    boolean in2 = firstColumn + 2 >= 0 && firstColumn + 2 < g.inW();
    boolean row0 = firstRow >= 0 && firstRow < g.inH();
    boolean row1 = firstRow + 1 >= 0 && firstRow + 1 < g.inH();
    boolean row2 = firstRow + 2 >= 0 && firstRow + 2 < g.inH();
    int at = xAt + (firstRow * g.inW() + firstColumn) * PANEL;
    int down = g.inW() * PANEL;
    sum = FloatVector.fromArray(SPECIES, x, row0 && in0 ? at : zeros)
        .fma(FloatVector.fromArray(SPECIES, w, wAt), sum);
    sum = FloatVector.fromArray(SPECIES, x, row1 && in0 ? at + down : zeros)
        .fma(FloatVector.fromArray(SPECIES, w, wAt + 3 * PANEL), sum);
    sum = FloatVector.fromArray(SPECIES, x, row2 && in0 ? at + 2 * down : zeros)
        .fma(FloatVector.fromArray(SPECIES, w, wAt + 6 * PANEL), sum);
    sum = FloatVector.fromArray(SPECIES, x, row0 && in1 ? at + PANEL : zeros)
        .fma(FloatVector.fromArray(SPECIES, w, wAt + PANEL), sum);
    sum = FloatVector.fromArray(SPECIES, x, row1 && in1 ? at + down + PANEL : zeros)
        .fma(FloatVector.fromArray(SPECIES, w, wAt + 4 * PANEL), sum);
    sum = FloatVector.fromArray(SPECIES, x, row2 && in1 ? at + 2 * down + PANEL : zeros)
        .fma(FloatVector.fromArray(SPECIES, w, wAt + 7 * PANEL), sum);
    sum = FloatVector.fromArray(SPECIES, x, row0 && in2 ? at + 2 * PANEL : zeros)
        .fma(FloatVector.fromArray(SPECIES, w, wAt + 2 * PANEL), sum);
    sum = FloatVector.fromArray(SPECIES, x, row1 && in2 ? at + down + 2 * PANEL : zeros)
        .fma(FloatVector.fromArray(SPECIES, w, wAt + 5 * PANEL), sum);
    sum = FloatVector.fromArray(SPECIES, x, row2 && in2 ? at + 2 * down + 2 * PANEL : zeros)
        .fma(FloatVector.fromArray(SPECIES, w, wAt + 8 * PANEL), sum);
    sum = sum.blend(low, sum.compare(LT, low));
    sum.blend(high, sum.compare(GT, high)).intoArray(y, yAt);
  }

  /** One pixel of any kernel, leaving out what lies outside the image. */
  private static void pixel(Window g, int firstRow, int firstColumn, float[] x, int xAt, float[] w, int wAt,
      float[] bias, int biasAt, float lowest, float highest, float[] y, int yAt) {
    FloatVector low = FloatVector.broadcast(SPECIES, lowest);
    FloatVector high = FloatVector.broadcast(SPECIES, highest);
    FloatVector sum = FloatVector.fromArray(SPECIES, bias, biasAt);
    int kyEnd = Math.min(g.kernelH(), g.inH() - firstRow);
    int kxFrom = Math.max(0, -firstColumn);
    int kxEnd = Math.min(g.kernelW(), g.inW() - firstColumn);
    for (int ky = Math.max(0, -firstRow); ky < kyEnd; ky++) {
      for (int kx = kxFrom; kx < kxEnd; kx++) {
        int at = xAt + ((firstRow + ky) * g.inW() + firstColumn + kx) * PANEL;
        sum = FloatVector.fromArray(SPECIES, x, at)
            .fma(FloatVector.fromArray(SPECIES, w, wAt + (ky * g.kernelW() + kx) * PANEL), sum);
      }
    }
    sum = sum.blend(low, sum.compare(LT, low));
    sum.blend(high, sum.compare(GT, high)).intoArray(y, yAt);
  }
}
