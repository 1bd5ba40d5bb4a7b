package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;

import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.nn.Window;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Depthwise convolution, vectors across the channels. One row of output is made at a time: for each vector of channels the
 * nine weights stay in registers while the pixels of the row pass, so the three input rows are all the data in play and
 * stay in the second-level cache.
 */
final class Depthwise {
  private Depthwise() {}

  static void row(Window g, int oy, int c, float[] x, int xOff, float[] w, float[] bias, Finish finish, float[] y,
      int yOff) {
    float low = finish == Finish.RELU6 ? 0 : Float.NEGATIVE_INFINITY;
    float high = finish == Finish.RELU6 ? 6 : Float.POSITIVE_INFINITY;
    boolean accumulate = finish == Finish.ACCUMULATE;
    int firstRow = oy * g.stride() - g.padTop();
    int inner = Math.min(g.outW(), ceilDiv(g.padLeft(), g.stride()));
    int innerEnd =
        Math.max(inner, Math.min(g.outW(), Math.floorDiv(g.inW() - g.kernelW() + g.padLeft(), g.stride()) + 1));
    boolean whole = g.kernelH() == 3 && g.kernelW() == 3 && firstRow >= 0 && firstRow + 3 <= g.inH() && !accumulate;
    if (!whole) {
      inner = g.outW();
      innerEnd = g.outW();
    }
    for (int ch = 0; ch < c; ch += COUNT) {
      VectorMask<Float> lanes = Lanes.below(ch, c);
      for (int ox = 0; ox < inner; ox++) {
        pixel(g, firstRow, ox * g.stride() - g.padLeft(), c, ch, x, xOff, w, bias, low, high, accumulate, lanes, y,
            yOff + ox * c + ch);
      }
      if (inner < innerEnd) {
        int start = xOff + (firstRow * g.inW() + inner * g.stride() - g.padLeft()) * c + ch;
        inner3x3(innerEnd - inner, c, g.stride() * c, x, start, start + g.inW() * c, start + 2 * g.inW() * c, w, ch,
            bias, low, high, lanes, y, yOff + inner * c + ch);
      }
      for (int ox = innerEnd; ox < g.outW(); ox++) {
        pixel(g, firstRow, ox * g.stride() - g.padLeft(), c, ch, x, xOff, w, bias, low, high, accumulate, lanes, y,
            yOff + ox * c + ch);
      }
    }
  }

  /** Pixels of a 3x3 kernel that lies inside the input. */
  private static void inner3x3(int pixels, int c, int step, float[] x, int row0, int row1, int row2, float[] w, int ch,
      float[] bias, float low, float high, VectorMask<Float> lanes, float[] y, int yOff) {
    FloatVector w00 = FloatVector.fromArray(SPECIES, w, ch);
    FloatVector w01 = FloatVector.fromArray(SPECIES, w, ch + c);
    FloatVector w02 = FloatVector.fromArray(SPECIES, w, ch + 2 * c);
    FloatVector w10 = FloatVector.fromArray(SPECIES, w, ch + 3 * c);
    FloatVector w11 = FloatVector.fromArray(SPECIES, w, ch + 4 * c);
    FloatVector w12 = FloatVector.fromArray(SPECIES, w, ch + 5 * c);
    FloatVector w20 = FloatVector.fromArray(SPECIES, w, ch + 6 * c);
    FloatVector w21 = FloatVector.fromArray(SPECIES, w, ch + 7 * c);
    FloatVector w22 = FloatVector.fromArray(SPECIES, w, ch + 8 * c);
    FloatVector shift = FloatVector.fromArray(SPECIES, bias, ch);
    boolean full = lanes.allTrue();
    for (int p = 0; p < pixels; p++) {
      // Three chains, so that the nine products do not wait for one another.
      FloatVector top = FloatVector.fromArray(SPECIES, x, row0).fma(w00, shift);
      FloatVector middle = FloatVector.fromArray(SPECIES, x, row1).mul(w10);
      FloatVector bottom = FloatVector.fromArray(SPECIES, x, row2).mul(w20);
      top = FloatVector.fromArray(SPECIES, x, row0 + c).fma(w01, top);
      middle = FloatVector.fromArray(SPECIES, x, row1 + c).fma(w11, middle);
      bottom = FloatVector.fromArray(SPECIES, x, row2 + c).fma(w21, bottom);
      top = FloatVector.fromArray(SPECIES, x, row0 + 2 * c).fma(w02, top);
      middle = FloatVector.fromArray(SPECIES, x, row1 + 2 * c).fma(w12, middle);
      bottom = FloatVector.fromArray(SPECIES, x, row2 + 2 * c).fma(w22, bottom);
      FloatVector sum = clip(top.add(middle.add(bottom)), low, high);
      if (full) {
        sum.intoArray(y, yOff);
      } else {
        sum.intoArray(y, yOff, lanes);
      }
      row0 += step;
      row1 += step;
      row2 += step;
      yOff += c;
    }
  }

  /** One pixel of any kernel, leaving out what lies outside the input. */
  private static void pixel(Window g, int firstRow, int firstColumn, int c, int ch, float[] x, int xOff, float[] w,
      float[] bias, float low, float high, boolean accumulate, VectorMask<Float> lanes, float[] y, int yOff) {
    FloatVector sum = FloatVector.fromArray(SPECIES, bias, ch);
    int kyEnd = Math.min(g.kernelH(), g.inH() - firstRow);
    int kxFrom = Math.max(0, -firstColumn);
    int kxEnd = Math.min(g.kernelW(), g.inW() - firstColumn);
    for (int ky = Math.max(0, -firstRow); ky < kyEnd; ky++) {
      for (int kx = kxFrom; kx < kxEnd; kx++) {
        int at = xOff + ((firstRow + ky) * g.inW() + firstColumn + kx) * c + ch;
        sum = FloatVector.fromArray(SPECIES, x, at)
            .fma(FloatVector.fromArray(SPECIES, w, (ky * g.kernelW() + kx) * c + ch), sum);
      }
    }
    if (accumulate) {
      sum.add(FloatVector.fromArray(SPECIES, y, yOff)).intoArray(y, yOff, lanes);
    } else {
      clip(sum, low, high).intoArray(y, yOff, lanes);
    }
  }

  static void dataRow(Window g, int iy, int c, float[] dy, int dyOff, float[] w, Finish finish, float[] dx, int dxOff) {
    boolean accumulate = finish == Finish.ACCUMULATE;
    for (int ch = 0; ch < c; ch += COUNT) {
      VectorMask<Float> lanes = Lanes.below(ch, c);
      for (int ix = 0; ix < g.inW(); ix++) {
        dataPixel(g, iy, ix, c, ch, dy, dyOff, w, accumulate, lanes, dx, dxOff + ix * c + ch);
      }
    }
  }

  private static void dataPixel(Window g, int iy, int ix, int c, int ch, float[] dy, int dyOff, float[] w,
      boolean accumulate, VectorMask<Float> lanes, float[] dx, int dxOff) {
    FloatVector sum = FloatVector.zero(SPECIES);
    int stride = g.stride();
    // The first kernel row whose output row is whole; from there every stride-th one is.
    for (int ky = (iy + g.padTop()) % stride; ky < g.kernelH(); ky += stride) {
      int oy = Math.floorDiv(iy + g.padTop() - ky, stride);
      if (oy < 0 || oy >= g.outH()) {
        continue;
      }
      for (int kx = (ix + g.padLeft()) % stride; kx < g.kernelW(); kx += stride) {
        int ox = Math.floorDiv(ix + g.padLeft() - kx, stride);
        if (ox >= 0 && ox < g.outW()) {
          sum = FloatVector.fromArray(SPECIES, dy, dyOff + (oy * g.outW() + ox) * c + ch)
              .fma(FloatVector.fromArray(SPECIES, w, (ky * g.kernelW() + kx) * c + ch), sum);
        }
      }
    }
    if (accumulate) {
      sum.add(FloatVector.fromArray(SPECIES, dx, dxOff)).intoArray(dx, dxOff, lanes);
    } else {
      sum.intoArray(dx, dxOff, lanes);
    }
  }

  static void weightRow(Window g, int oy, int c, float[] x, int xOff, float[] dy, int dyOff, float[] dw, int dwOff) {
    int firstRow = oy * g.stride() - g.padTop();
    for (int ky = Math.max(0, -firstRow); ky < Math.min(g.kernelH(), g.inH() - firstRow); ky++) {
      int row = xOff + (firstRow + ky) * g.inW() * c;
      for (int kx = 0; kx < g.kernelW(); kx++) {
        // The output pixels for which this column of the kernel lies inside the input.
        int from = Math.max(0, ceilDiv(g.padLeft() - kx, g.stride()));
        int end = Math.min(g.outW(), Math.floorDiv(g.inW() - 1 + g.padLeft() - kx, g.stride()) + 1);
        int start = row + (from * g.stride() - g.padLeft() + kx) * c;
        for (int ch = 0; ch < c; ch += COUNT) {
          weightTap(end - from, c, g.stride() * c, x, start + ch, dy, dyOff + from * c + ch, dw,
              dwOff + (ky * g.kernelW() + kx) * c + ch, Lanes.below(ch, c));
        }
      }
    }
  }

  private static void weightTap(int pixels, int c, int step, float[] x, int xAt, float[] dy, int dyAt, float[] dw,
      int dwAt, VectorMask<Float> lanes) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int p = 0; p < pixels; p++) {
      sum = FloatVector.fromArray(SPECIES, x, xAt).fma(FloatVector.fromArray(SPECIES, dy, dyAt), sum);
      xAt += step;
      dyAt += c;
    }
    sum.add(FloatVector.fromArray(SPECIES, dw, dwAt)).intoArray(dw, dwAt, lanes);
  }

  private static FloatVector clip(FloatVector x, float low, float high) {
    FloatVector raised = x.blend(low, x.compare(VectorOperators.LT, low));
    return raised.blend(high, raised.compare(VectorOperators.GT, high));
  }

  private static int ceilDiv(int a, int b) {
    return -Math.floorDiv(-a, b);
  }
}
