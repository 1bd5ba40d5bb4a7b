package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;

import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import dev.lentil.backend.cpu.vector.Depthwise3x3.Rows;
import dev.lentil.nn.Window;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Depthwise convolution, vectors across the channels. One row of output is made at a time, so the three input rows are all
 * the data in play and stay in the second-level cache. Here is what holds for every window; the loops for 3x3 are in {@link
 * Depthwise3x3}.
 */
final class Depthwise {
  private Depthwise() {}

  static void row(Window g, int oy, int c, float[] x, int xOff, float[] w, float[] bias, Finish finish, float[] y,
      int yOff) {
    float low = finish == Finish.RELU6 ? 0 : Float.NEGATIVE_INFINITY;
    float high = finish == Finish.RELU6 ? 6 : Float.POSITIVE_INFINITY;
    boolean accumulate = finish == Finish.ACCUMULATE;
    int stride = g.stride();
    int firstRow = oy * stride - g.padTop();
    // pixels whose window lies inside the row; the others are made one by one
    int inner = Math.min(g.outW(), ceilDiv(g.padLeft(), stride));
    int innerEnd = is3x3(g) && !accumulate
        ? Math.clamp(Math.floorDiv(g.inW() - g.kernelW() + g.padLeft(), stride) + 1, inner, g.outW())
        : inner;
    Rows rows = Rows.of(firstRow, g.inH(), xOff, g.inW() * c);
    for (int ch = 0; ch < c; ch += COUNT) {
      VectorMask<Float> lanes = Lanes.below(ch, c);
      // a vector that is not whole would write over the next pixel
      int end = ch + COUNT <= c ? innerEnd : inner;
      for (int ox = 0; ox < inner; ox++) {
        pixel(g, firstRow, ox * stride - g.padLeft(), c, ch, x, xOff, w, bias, low, high, accumulate, lanes, y,
            yOff + ox * c + ch);
      }
      if (inner < end) {
        Depthwise3x3.row(end - inner, c, stride * c, x, (inner * stride - g.padLeft()) * c + ch, rows, w, ch, bias, low,
            high, y, yOff + inner * c + ch);
      }
      for (int ox = end; ox < g.outW(); ox++) {
        pixel(g, firstRow, ox * stride - g.padLeft(), c, ch, x, xOff, w, bias, low, high, accumulate, lanes, y,
            yOff + ox * c + ch);
      }
    }
  }

  /** Whether the kernel is of the kind that has loops of its own. */
  private static boolean is3x3(Window g) {
    return g.kernelH() == 3 && g.kernelW() == 3 && g.stride() <= 2;
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
      Elementwise.clip(sum, low, high).intoArray(y, yOff, lanes);
    }
  }

  static void inputGradientRow(Window g, int iy, int c, float[] dy, int dyOff, float[] w, Finish finish, float[] dx,
      int dxOff) {
    boolean accumulate = finish == Finish.ACCUMULATE;
    // pairs of input pixels from the one under the left column of output pixel 1 on
    int first = 2 - g.padLeft();
    int pairs = is3x3(g) && g.stride() == 2 && first >= 0 && !accumulate
        ? Math.min(g.outW() - 1, (g.inW() - first) / 2)
        : 0;
    int ky = (iy + g.padTop()) % 2;
    int upper = Math.floorDiv(iy + g.padTop() - ky, 2);
    int lower = ky == 0 ? upper - 1 : -1;
    if (upper >= g.outH()) {
      // the last row of the kernel alone sees it, if any
      ky = 2;
      upper = lower;
      lower = -1;
    }
    boolean seen = upper >= 0 && upper < g.outH();
    for (int ch = 0; ch < c; ch += COUNT) {
      VectorMask<Float> lanes = Lanes.below(ch, c);
      int end = first;
      if (pairs > 0 && seen && ch + COUNT <= c) {
        Depthwise3x3.inputGradientPairs(pairs, c, dy, dyOff + (upper * g.outW() + 1) * c + ch,
            lower < 0 ? -1 : dyOff + (lower * g.outW() + 1) * c + ch, w, ky, ch, dx, dxOff + first * c + ch);
        end = first + 2 * pairs;
      }
      for (int ix = 0; ix < g.inW(); ix++) {
        if (ix < first || ix >= end) {
          inputGradientPixel(g, iy, ix, c, ch, dy, dyOff, w, accumulate, lanes, dx, dxOff + ix * c + ch);
        }
      }
    }
  }

  private static void inputGradientPixel(Window g, int iy, int ix, int c, int ch, float[] dy, int dyOff, float[] w,
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

  static void kernelGradientRow(Window g, int iy, int c, float[] x, int xOff, float[] dy, int dyOff, float[] dw,
      int dwOff) {
    int whole = is3x3(g) && g.stride() == 1 ? c / COUNT * COUNT : 0;
    // Input pixels that all three columns of the kernel meet inside the output.
    int first = Math.max(0, 2 - g.padLeft());
    int end = Math.min(g.inW(), g.outW() - g.padLeft());
    if (whole > 0 && first < end) {
      Rows rows = Rows.of(iy + g.padTop() - 2, g.outH(), dyOff, g.outW() * c);
      for (int ch = 0; ch < whole; ch += COUNT) {
        Depthwise3x3.kernelGradient(end - first, c, x, xOff + first * c + ch, dy, (first + g.padLeft() - 2) * c + ch,
            rows, dw, dwOff + ch);
      }
      kernelGradientByPixels(g, iy, 0, first, whole, c, x, xOff, dy, dyOff, dw, dwOff);
      kernelGradientByPixels(g, iy, end, g.inW(), whole, c, x, xOff, dy, dyOff, dw, dwOff);
      if (whole < c) {
        kernelGradientByRows(g, iy, whole, c, x, xOff, dy, dyOff, dw, dwOff);
      }
    } else {
      kernelGradientByRows(g, iy, 0, c, x, xOff, dy, dyOff, dw, dwOff);
    }
  }

  /** Input pixels {@code from..to-1} one by one, for the first channels, with stride 1. */
  private static void kernelGradientByPixels(Window g, int iy, int from, int to, int channels, int c, float[] x,
      int xOff, float[] dy, int dyOff, float[] dw, int dwOff) {
    for (int ix = from; ix < to; ix++) {
      for (int tap = 0; tap < g.kernelH() * g.kernelW(); tap++) {
        int oy = iy + g.padTop() - tap / g.kernelW();
        int ox = ix + g.padLeft() - tap % g.kernelW();
        if (oy >= 0 && oy < g.outH() && ox >= 0 && ox < g.outW()) {
          for (int ch = 0; ch < channels; ch += COUNT) {
            kernelGradientTap(1, c, c, x, xOff + ix * c + ch, dy, dyOff + (oy * g.outW() + ox) * c + ch, dw,
                dwOff + tap * c + ch, Lanes.below(ch, c));
          }
        }
      }
    }
  }

  /** Channels from {@code chFrom} on, one row of the kernel after the other. */
  private static void kernelGradientByRows(Window g, int iy, int chFrom, int c, float[] x, int xOff, float[] dy,
      int dyOff, float[] dw, int dwOff) {
    int stride = g.stride();
    // The output pixels whose three columns of a 3x3 kernel all lie inside the input.
    int inner = Math.min(g.outW(), ceilDiv(g.padLeft(), stride));
    int innerEnd = Math.clamp(Math.floorDiv(g.inW() - 3 + g.padLeft(), stride) + 1, inner, g.outW());
    for (int ky = (iy + g.padTop()) % stride; ky < g.kernelH(); ky += stride) {
      int oy = Math.floorDiv(iy + g.padTop() - ky, stride);
      if (oy < 0 || oy >= g.outH()) {
        continue;
      }
      int row = dyOff + oy * g.outW() * c;
      int w = dwOff + ky * g.kernelW() * c;
      int whole = g.kernelW() == 3 && inner < innerEnd ? c / COUNT * COUNT : chFrom;
      for (int ch = chFrom; ch < whole; ch += COUNT) {
        Depthwise3x3.kernelRowGradient(innerEnd - inner, c, stride * c, x,
            xOff + (inner * stride - g.padLeft()) * c + ch, dy, row + inner * c + ch, dw, w + ch);
      }
      kernelGradientByColumns(g, 0, inner, chFrom, whole, c, x, xOff, dy, row, dw, w);
      kernelGradientByColumns(g, innerEnd, g.outW(), chFrom, whole, c, x, xOff, dy, row, dw, w);
      kernelGradientByColumns(g, 0, g.outW(), Math.max(whole, chFrom), c, c, x, xOff, dy, row, dw, w);
    }
  }

  /** Any kernel, one column after the other, for output pixels {@code from..to-1} and channels {@code chFrom..chTo-1}. */
  private static void kernelGradientByColumns(Window g, int from, int to, int chFrom, int chTo, int c, float[] x,
      int xOff, float[] dy, int row, float[] dw, int w) {
    for (int kx = 0; kx < g.kernelW(); kx++) {
      int first = Math.max(from, ceilDiv(g.padLeft() - kx, g.stride()));
      int end = Math.min(to, Math.floorDiv(g.inW() - 1 + g.padLeft() - kx, g.stride()) + 1);
      int start = xOff + (first * g.stride() - g.padLeft() + kx) * c;
      for (int ch = chFrom; first < end && ch < chTo; ch += COUNT) {
        kernelGradientTap(end - first, c, g.stride() * c, x, start + ch, dy, row + first * c + ch, dw, w + kx * c + ch,
            Lanes.below(ch, c));
      }
    }
  }

  private static void kernelGradientTap(int pixels, int c, int step, float[] x, int xAt, float[] dy, int dyAt,
      float[] dw, int dwAt, VectorMask<Float> lanes) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int p = 0; p < pixels; p++) {
      sum = FloatVector.fromArray(SPECIES, x, xAt).fma(FloatVector.fromArray(SPECIES, dy, dyAt), sum);
      xAt += step;
      dyAt += c;
    }
    sum.add(FloatVector.fromArray(SPECIES, dw, dwAt)).intoArray(dw, dwAt, lanes);
  }

  private static int ceilDiv(int a, int b) {
    return -Math.floorDiv(-a, b);
  }
}
