package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;
import static dev.lentil.backend.cpu.vector.Lanes.SPECIES;

import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Kernels without neighbours: each output depends on one place of each input. */
final class Elementwise {
  static final FloatVector ZERO = FloatVector.zero(SPECIES);
  static final FloatVector SIX = FloatVector.broadcast(SPECIES, 6f);

  private static final float[] RELU6_LIMITS = limits(0, 6);
  private static final float[] NO_LIMITS = limits(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);

  private Elementwise() {}

  private static float[] limits(float low, float high) {
    float[] both = new float[2 * COUNT];
    Arrays.fill(both, 0, COUNT, low);
    Arrays.fill(both, COUNT, 2 * COUNT, high);
    return both;
  }

  /**
   * The least and the greatest value that a result may have, as whole vectors, one behind the other: those of ReLU6, or infinite
   * ones, which leave every value as it is. A limit that is broadcast from a number is broadcast again at every use, which takes
   * the place of a multiply-add each time.
   */
  static float[] limits(Finish finish) {
    return finish == Finish.RELU6 ? RELU6_LIMITS : NO_LIMITS;
  }

  /** Compare and blend: Java's max and min also order NaN and -0, which takes several instructions each. */
  static FloatVector relu6(FloatVector x) {
    FloatVector positive = x.blend(0f, x.compare(VectorOperators.LT, 0f));
    return positive.blend(6f, positive.compare(VectorOperators.GT, 6f));
  }

  static void relu6(int size, float[] x, int xOff, float[] y, int yOff) {
    int i = 0;
    for (; i + COUNT <= size; i += COUNT) {
      relu6(FloatVector.fromArray(SPECIES, x, xOff + i)).intoArray(y, yOff + i);
    }
    for (; i < size; i++) {
      y[yOff + i] = Math.min(Math.max(x[xOff + i], 0), 6);
    }
  }

  static void relu6Backward(int size, float[] y, int yOff, float[] dy, int dyOff, Finish finish, float[] dx,
      int dxOff) {
    boolean accumulate = finish == Finish.ACCUMULATE;
    int i = 0;
    for (; i + COUNT <= size; i += COUNT) {
      FloatVector out = FloatVector.fromArray(SPECIES, y, yOff + i);
      VectorMask<Float> open = out.compare(VectorOperators.GT, ZERO).and(out.compare(VectorOperators.LT, SIX));
      FloatVector passed = ZERO.blend(FloatVector.fromArray(SPECIES, dy, dyOff + i), open);
      if (accumulate) {
        passed.add(FloatVector.fromArray(SPECIES, dx, dxOff + i)).intoArray(dx, dxOff + i);
      } else {
        passed.intoArray(dx, dxOff + i);
      }
    }
    for (; i < size; i++) {
      float out = y[yOff + i];
      float passed = out > 0 && out < 6 ? dy[dyOff + i] : 0;
      dx[dxOff + i] = accumulate ? passed + dx[dxOff + i] : passed;
    }
  }

  static void copy(int rows, int size, float[] x, int xOff, int xStride, float[] y, int yOff, int yStride) {
    // the last vector reaches back into the one before, which takes less time than a masked one
    int last = size - COUNT;
    if (last < 0) {
      VectorMask<Float> lanes = Lanes.below(0, size);
      for (int row = 0; row < rows; row++) {
        FloatVector.fromArray(SPECIES, x, xOff + row * xStride, lanes).intoArray(y, yOff + row * yStride, lanes);
      }
    } else if (last <= COUNT) {
      // the first convolution's patches with narrow vectors: a loop for a single vector would take longer than its copy
      for (int row = 0; row < rows; row++) {
        int from = xOff + row * xStride;
        int to = yOff + row * yStride;
        FloatVector.fromArray(SPECIES, x, from).intoArray(y, to);
        FloatVector.fromArray(SPECIES, x, from + last).intoArray(y, to + last);
      }
    } else {
      for (int row = 0; row < rows; row++) {
        int from = xOff + row * xStride;
        int to = yOff + row * yStride;
        for (int i = 0; i < last; i += COUNT) {
          FloatVector.fromArray(SPECIES, x, from + i).intoArray(y, to + i);
        }
        FloatVector.fromArray(SPECIES, x, from + last).intoArray(y, to + last);
      }
    }
  }

  /**
   * As {@link dev.lentil.backend.cpu.kernels.Kernels#patches}, for rows no wider than a vector. Whole vectors take much less time
   * than masked ones: what they write behind a row is written over by the next row. So the last pixels, behind which nothing may be
   * read or written, are left out.
   *
   * @return how many pixels are done
   */
  static int patchesOfThreeRows(int pixels, int width, float[] x, int xOff, int xRow, int xStep, float[] y, int yOff) {
    int depth = 3 * width;
    int left = Math.ceilDiv(COUNT - width, Math.min(xStep, depth));
    int count = Math.max(0, pixels - left);
    for (int p = 0; p < count; p++) {
      int from = xOff + p * xStep;
      int to = yOff + p * depth;
      FloatVector.fromArray(SPECIES, x, from).intoArray(y, to);
      FloatVector.fromArray(SPECIES, x, from + xRow).intoArray(y, to + width);
      FloatVector.fromArray(SPECIES, x, from + 2 * xRow).intoArray(y, to + 2 * width);
    }
    return count;
  }

  static void add(int size, float[] a, int aOff, float[] b, int bOff, float[] y, int yOff) {
    int i = 0;
    for (; i + COUNT <= size; i += COUNT) {
      FloatVector.fromArray(SPECIES, a, aOff + i).add(FloatVector.fromArray(SPECIES, b, bOff + i))
          .intoArray(y, yOff + i);
    }
    if (i < size) {
      FloatVector.fromArray(SPECIES, a, aOff + i).add(FloatVector.fromArray(SPECIES, b, bOff + i))
          .intoArray(y, yOff + i, Lanes.below(i, size));
    }
  }

  static void normalize(int rows, int c, float[] x, int xOff, float[] center, float[] scale, float[] shift,
      Finish finish, float[] y, int yOff) {
    float low = finish == Finish.RELU6 ? 0 : Float.NEGATIVE_INFINITY;
    float high = finish == Finish.RELU6 ? 6 : Float.POSITIVE_INFINITY;
    for (int row = 0; row < rows; row++) {
      int from = xOff + row * c;
      int to = yOff + row * c;
      int ch = 0;
      for (; ch + COUNT <= c; ch += COUNT) {
        FloatVector value = FloatVector.fromArray(SPECIES, x, from + ch)
            .sub(FloatVector.fromArray(SPECIES, center, ch))
            .fma(FloatVector.fromArray(SPECIES, scale, ch), FloatVector.fromArray(SPECIES, shift, ch));
        clip(value, low, high).intoArray(y, to + ch);
      }
      for (; ch < c; ch++) {
        float value = Math.fma(x[from + ch] - center[ch], scale[ch], shift[ch]);
        y[to + ch] = value < low ? low : value > high ? high : value;
      }
    }
  }

  /** As {@link #relu6(FloatVector)} with other limits; infinite ones leave a value as it is. */
  static FloatVector clip(FloatVector x, float low, float high) {
    FloatVector raised = x.blend(low, x.compare(VectorOperators.LT, low));
    return raised.blend(high, raised.compare(VectorOperators.GT, high));
  }

  static void normalizeBackward(int rows, int c, float[] dy, int dyOff, float[] x, int xOff, float[] a, float[] b,
      float[] center, float[] d, Finish finish, float[] dx, int dxOff) {
    boolean accumulate = finish == Finish.ACCUMULATE;
    for (int row = 0; row < rows; row++) {
      int at = row * c;
      int ch = 0;
      for (; ch + COUNT <= c; ch += COUNT) {
        FloatVector distance = FloatVector.fromArray(SPECIES, x, xOff + at + ch)
            .sub(FloatVector.fromArray(SPECIES, center, ch));
        FloatVector value = FloatVector.fromArray(SPECIES, dy, dyOff + at + ch)
            .fma(FloatVector.fromArray(SPECIES, a, ch),
                distance.fma(FloatVector.fromArray(SPECIES, b, ch), FloatVector.fromArray(SPECIES, d, ch)));
        if (accumulate) {
          value.add(FloatVector.fromArray(SPECIES, dx, dxOff + at + ch)).intoArray(dx, dxOff + at + ch);
        } else {
          value.intoArray(dx, dxOff + at + ch);
        }
      }
      for (; ch < c; ch++) {
        float value = a[ch] * dy[dyOff + at + ch] + (b[ch] * (x[xOff + at + ch] - center[ch]) + d[ch]);
        dx[dxOff + at + ch] = accumulate ? value + dx[dxOff + at + ch] : value;
      }
    }
  }

  static void adam(int size, float rate, float decay, float share1, float share2, float epsilon, float[] g, float[] m,
      float[] v, float[] w, int off) {
    int end = off + size;
    int i = off;
    for (; i + COUNT <= end; i += COUNT) {
      FloatVector gradient = FloatVector.fromArray(SPECIES, g, i);
      FloatVector first = FloatVector.fromArray(SPECIES, m, i);
      FloatVector second = FloatVector.fromArray(SPECIES, v, i);
      first = first.add(gradient.sub(first).mul(share1));
      second = second.add(gradient.mul(gradient).sub(second).mul(share2));
      first.intoArray(m, i);
      second.intoArray(v, i);
      FloatVector step = first.mul(rate).div(second.lanewise(VectorOperators.SQRT).add(epsilon));
      FloatVector now = FloatVector.fromArray(SPECIES, w, i);
      now.sub(now.mul(decay).add(step)).intoArray(w, i);
    }
    for (; i < end; i++) {
      m[i] += (g[i] - m[i]) * share1;
      v[i] += (g[i] * g[i] - v[i]) * share2;
      w[i] -= decay * w[i] + rate * m[i] / ((float) Math.sqrt(v[i]) + epsilon);
    }
  }

  static void sgd(int size, float rate, float momentum, float[] g, float[] a, float[] w, int off) {
    int end = off + size;
    int i = off;
    for (; i + COUNT <= end; i += COUNT) {
      FloatVector velocity = FloatVector.fromArray(SPECIES, a, i).mul(momentum)
          .sub(FloatVector.fromArray(SPECIES, g, i).mul(rate));
      velocity.intoArray(a, i);
      FloatVector.fromArray(SPECIES, w, i).add(velocity).intoArray(w, i);
    }
    for (; i < end; i++) {
      a[i] = momentum * a[i] - rate * g[i];
      w[i] += a[i];
    }
  }
}
