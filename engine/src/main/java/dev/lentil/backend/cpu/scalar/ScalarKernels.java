package dev.lentil.backend.cpu.scalar;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.nn.Window;
import java.util.Arrays;

/**
 * {@link Kernels} in plain Java: what runs where the incubating Vector API is absent, and the vector kernels' oracle. The
 * products are summed in float64, which makes up for the missing fused multiply-add, and lets HotSpot use vector instructions by
 * itself: of an array of doubles it knows that it is none of the arrays of floats that it reads ({@link Sums}).
 */
public final class ScalarKernels implements Kernels {
  /** Channels of a group: enough for loops that are unrolled by eight vectors. */
  private static final int PANEL = 192;

  @Override
  public String describe() {
    return "plain Java loops";
  }

  @Override
  public int panel() {
    return PANEL;
  }

  @Override
  public int packedSize(int k, int n) {
    return k * n;
  }

  @Override
  public void pack(float[] b, int bOff, int rowStride, int columnStride, int k, int n, float[] scale, float[] packed) {
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < n; j++) {
        float value = b[bOff + i * rowStride + j * columnStride];
        packed[i * n + j] = scale.length == 0 ? value : value * scale[j];
      }
    }
  }

  @Override
  public void multiply(int m, int k, int n, int nFrom, int nTo, float[] a, int aOff, int aStride, float[] packed,
      float[] bias, Finish finish, float[] residual, int rOff, float[] c, int cOff, int cStride) {
    double[] row = new double[nTo - nFrom];
    for (int i = 0; i < m; i++) {
      int out = cOff + i * cStride;
      if (finish == Finish.ACCUMULATE) {
        Sums.start(row, c, out);
      } else {
        Sums.start(row, bias, nFrom);
      }
      int left = aOff + i * aStride;
      int l = 0;
      for (; l + 1 < k; l += 2) {
        Sums.add(row, a[left + l], packed, l * n + nFrom, a[left + l + 1], packed, (l + 1) * n + nFrom);
      }
      if (l < k) {
        Sums.add(row, a[left + l], packed, l * n + nFrom);
      }
      if (finish == Finish.ADD_RESIDUAL) {
        Sums.add(row, 1, residual, rOff + i * cStride);
      }
      store(finish, row, c, out);
    }
  }

  /** @param sums to which what is there, or a residual, was added already */
  private static void store(Finish finish, double[] sums, float[] to, int off) {
    switch (finish) {
      case RELU6 -> Sums.storeClipped(sums, to, off);
      case STORE, ADD_RESIDUAL, ACCUMULATE -> Sums.store(sums, to, off);
    }
  }

  @Override
  public void multiplyTransposed(int m, int k, int n, float[] a, int aOff, float[] b, int bOff, float[] c, int cOff,
      int kFrom, int kTo, int nFrom, int nTo, Finish finish) {
    final int block = 256;
    double[] sums = new double[nTo - nFrom];
    for (int i = kFrom; i < kTo; i++) {
      for (int start = 0; start < m; start += block) {
        Arrays.fill(sums, 0);
        for (int row = start; row < Math.min(m, start + block); row++) {
          Sums.add(sums, a[aOff + row * k + i], b, bOff + row * n + nFrom);
        }
        int out = cOff + i * n + nFrom;
        if (start > 0 || finish == Finish.ACCUMULATE) {
          Sums.add(sums, 1, c, out);
        }
        Sums.store(sums, c, out);
      }
    }
  }

  @Override
  public void copy(int rows, int size, float[] x, int xOff, int xStride, float[] y, int yOff, int yStride) {
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < size; i++) {
        y[yOff + row * yStride + i] = x[xOff + row * xStride + i];
      }
    }
  }

  @Override
  public void depthwiseRow(Window g, int oy, int c, float[] x, int xOff, float[] w, float[] bias, Finish finish,
      float[] y, int yOff) {
    double[] sums = new double[c];
    for (int ox = 0; ox < g.outW(); ox++) {
      int out = yOff + ox * c;
      Sums.start(sums, bias, 0);
      for (int ky = 0; ky < g.kernelH(); ky++) {
        int iy = oy * g.stride() - g.padTop() + ky;
        if (iy < 0 || iy >= g.inH()) {
          continue;
        }
        for (int kx = 0; kx < g.kernelW(); kx++) {
          int ix = ox * g.stride() - g.padLeft() + kx;
          if (ix >= 0 && ix < g.inW()) {
            Sums.addProducts(sums, x, xOff + (iy * g.inW() + ix) * c, w, (ky * g.kernelW() + kx) * c);
          }
        }
      }
      if (finish == Finish.ACCUMULATE) {
        Sums.add(sums, 1, y, out);
      }
      store(finish, sums, y, out);
    }
  }

  @Override
  public void depthwiseGroup(Window g, int channels, float[] x, int[] rows, float[] w, int wOff,
      float[] bias, int biasOff, Finish finish, float[] room, float[] y, int yOff, int yStride) {
    double[] sums = new double[channels];
    for (int ox = 0; ox < g.outW(); ox++) {
      Sums.start(sums, bias, biasOff);
      for (int ky = 0; ky < g.kernelH(); ky++) {
        for (int kx = 0; kx < g.kernelW(); kx++) {
          int ix = ox * g.stride() - g.padLeft() + kx;
          if (ix >= 0 && ix < g.inW()) {
            Sums.addProducts(sums, x, rows[ky] + ix * PANEL, w, wOff + (ky * g.kernelW() + kx) * PANEL);
          }
        }
      }
      store(finish, sums, y, yOff + ox * yStride);
    }
  }

  @Override
  public void depthwiseInputGradientRow(Window g, int iy, int c, float[] dy, int dyOff, float[] w, Finish finish,
      float[] dx, int dxOff) {
    double[] sums = new double[c];
    for (int ix = 0; ix < g.inW(); ix++) {
      Arrays.fill(sums, 0);
      for (int ky = 0; ky < g.kernelH(); ky++) {
        int oy = outputIndex(iy + g.padTop() - ky, g.stride(), g.outH());
        if (oy < 0) {
          continue;
        }
        for (int kx = 0; kx < g.kernelW(); kx++) {
          int ox = outputIndex(ix + g.padLeft() - kx, g.stride(), g.outW());
          if (ox >= 0) {
            Sums.addProducts(sums, dy, dyOff + (oy * g.outW() + ox) * c, w, (ky * g.kernelW() + kx) * c);
          }
        }
      }
      int out = dxOff + ix * c;
      if (finish == Finish.ACCUMULATE) {
        Sums.add(sums, 1, dx, out);
      }
      Sums.store(sums, dx, out);
    }
  }

  private static int outputIndex(int shifted, int stride, int extent) {
    return shifted < 0 || shifted % stride != 0 || shifted / stride >= extent ? -1 : shifted / stride;
  }

  @Override
  public void depthwiseKernelGradientRow(Window g, int iy, int c, float[] x, int xOff, float[] dy, int dyOff,
      float[] dw, int dwOff) {
    double[] sums = new double[c];
    for (int ky = 0; ky < g.kernelH(); ky++) {
      int oy = outputIndex(iy + g.padTop() - ky, g.stride(), g.outH());
      if (oy < 0) {
        continue;
      }
      for (int kx = 0; kx < g.kernelW(); kx++) {
        int out = dwOff + (ky * g.kernelW() + kx) * c;
        Arrays.fill(sums, 0);
        for (int ox = 0; ox < g.outW(); ox++) {
          int ix = ox * g.stride() - g.padLeft() + kx;
          if (ix >= 0 && ix < g.inW()) {
            Sums.addProducts(sums, x, xOff + ix * c, dy, dyOff + (oy * g.outW() + ox) * c);
          }
        }
        Sums.add(sums, 1, dw, out);
        Sums.store(sums, dw, out);
      }
    }
  }

  @Override
  public void normalize(int rows, int c, float[] x, int xOff, float[] center, float[] scale, float[] shift,
      Finish finish, float[] y, int yOff) {
    for (int i = 0; i < rows; i++) {
      for (int ch = 0; ch < c; ch++) {
        float value = (x[xOff + i * c + ch] - center[ch]) * scale[ch] + shift[ch];
        y[yOff + i * c + ch] = finish == Finish.RELU6 ? clip(value) : value;
      }
    }
  }

  @Override
  public void relu6(int size, float[] x, int xOff, float[] y, int yOff) {
    for (int i = 0; i < size; i++) {
      y[yOff + i] = clip(x[xOff + i]);
    }
  }

  @Override
  public void relu6Backward(int size, float[] y, int yOff, float[] dy, int dyOff, Finish finish, float[] dx,
      int dxOff) {
    for (int i = 0; i < size; i++) {
      float out = y[yOff + i];
      float passed = out > 0 && out < 6 ? dy[dyOff + i] : 0;
      dx[dxOff + i] = finish == Finish.ACCUMULATE ? dx[dxOff + i] + passed : passed;
    }
  }

  @Override
  public void add(int size, float[] a, int aOff, float[] b, int bOff, float[] y, int yOff) {
    for (int i = 0; i < size; i++) {
      y[yOff + i] = a[aOff + i] + b[bOff + i];
    }
  }

  @Override
  public void columnSums(int rows, int c, float[] x, int xOff, float[] sum) {
    Arrays.fill(sum, 0, c, 0);
    for (int i = 0; i < rows; i++) {
      for (int ch = 0; ch < c; ch++) {
        sum[ch] += x[xOff + i * c + ch];
      }
    }
  }

  @Override
  public void columnMoments(int rows, int c, float[] x, int xOff, float[] center, float[] sum, float[] squares) {
    Arrays.fill(sum, 0, c, 0);
    Arrays.fill(squares, 0, c, 0);
    for (int i = 0; i < rows; i++) {
      for (int ch = 0; ch < c; ch++) {
        float distance = x[xOff + i * c + ch] - center[ch];
        sum[ch] += distance;
        squares[ch] += distance * distance;
      }
    }
  }

  @Override
  public void rectifiedSums(int rows, int c, float[] x, int xOff, float[] center, float[] scale, float[] shift,
      float[] dy, int dyOff, float[] sum, float[] product) {
    Arrays.fill(sum, 0, c, 0);
    Arrays.fill(product, 0, c, 0);
    for (int i = 0; i < rows; i++) {
      for (int ch = 0; ch < c; ch++) {
        float distance = x[xOff + i * c + ch] - center[ch];
        float y = distance * scale[ch] + shift[ch];
        float passed = y > 0 && y < 6 ? dy[dyOff + i * c + ch] : 0;
        dy[dyOff + i * c + ch] = passed;
        sum[ch] += passed;
        product[ch] += passed * distance;
      }
    }
  }

  @Override
  public void columnProducts(int rows, int c, float[] dy, int dyOff, float[] x, int xOff, float[] center, float[] sum) {
    Arrays.fill(sum, 0, c, 0);
    for (int i = 0; i < rows; i++) {
      for (int ch = 0; ch < c; ch++) {
        sum[ch] += dy[dyOff + i * c + ch] * (x[xOff + i * c + ch] - center[ch]);
      }
    }
  }

  @Override
  public void normalizeBackward(int rows, int c, float[] dy, int dyOff, float[] x, int xOff, float[] a, float[] b,
      float[] center, float[] d, Finish finish, float[] dx, int dxOff) {
    for (int i = 0; i < rows; i++) {
      for (int ch = 0; ch < c; ch++) {
        int at = i * c + ch;
        float value = a[ch] * dy[dyOff + at] + b[ch] * (x[xOff + at] - center[ch]) + d[ch];
        dx[dxOff + at] = finish == Finish.ACCUMULATE ? dx[dxOff + at] + value : value;
      }
    }
  }

  @Override
  public void adam(int size, float rate, float decay, float share1, float share2, float epsilon, float[] g, float[] m,
      float[] v, float[] w, int off) {
    for (int i = off; i < off + size; i++) {
      m[i] += (g[i] - m[i]) * share1;
      v[i] += (g[i] * g[i] - v[i]) * share2;
      w[i] -= decay * w[i] + rate * m[i] / ((float) Math.sqrt(v[i]) + epsilon);
    }
  }

  @Override
  public void sgd(int size, float rate, float momentum, float[] g, float[] a, float[] w, int off) {
    for (int i = off; i < off + size; i++) {
      a[i] = momentum * a[i] - rate * g[i];
      w[i] += a[i];
    }
  }

  private static float clip(float value) {
    return Math.min(Math.max(value, 0), 6);
  }
}
