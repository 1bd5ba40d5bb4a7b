package dev.lentil.backend.cpu.scalar;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.nn.Window;
import java.util.Arrays;

/**
 * {@link Kernels} in plain Java: what runs where the incubating Vector API is absent, and the vector kernels' oracle. The
 * sums of a forward pass are taken in float64, which costs little here and makes up for the missing fused multiply-add.
 */
public final class ScalarKernels implements Kernels {
  /** Channels of a group: few, since these loops gain nothing from more. */
  private static final int PANEL = 16;

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
      for (int j = 0; j < row.length; j++) {
        row[j] = finish == Finish.ACCUMULATE ? c[out + j] : bias[nFrom + j];
      }
      for (int l = 0; l < k; l++) {
        double left = a[aOff + i * aStride + l];
        for (int j = 0; j < row.length; j++) {
          row[j] += left * packed[l * n + nFrom + j];
        }
      }
      for (int j = 0; j < row.length; j++) {
        c[out + j] = switch (finish) {
          case STORE, ACCUMULATE -> (float) row[j];
          case RELU6 -> clip((float) row[j]);
          case ADD_RESIDUAL -> (float) (row[j] + residual[rOff + i * cStride + j]);
        };
      }
    }
  }

  @Override
  public void multiplyTransposed(int m, int k, int n, float[] a, int aOff, float[] b, int bOff, float[] c, int cOff,
      int kFrom, int kTo, int nFrom, int nTo, Finish finish) {
    final int block = 256;
    float[] sums = new float[nTo - nFrom];
    for (int i = kFrom; i < kTo; i++) {
      for (int start = 0; start < m; start += block) {
        Arrays.fill(sums, 0);
        for (int row = start; row < Math.min(m, start + block); row++) {
          float left = a[aOff + row * k + i];
          for (int j = nFrom; j < nTo; j++) {
            sums[j - nFrom] += left * b[bOff + row * n + j];
          }
        }
        boolean first = start == 0 && finish == Finish.STORE;
        for (int j = nFrom; j < nTo; j++) {
          int out = cOff + i * n + j;
          c[out] = first ? sums[j - nFrom] : c[out] + sums[j - nFrom];
        }
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
    for (int ox = 0; ox < g.outW(); ox++) {
      for (int ch = 0; ch < c; ch++) {
        double sum = bias[ch];
        for (int ky = 0; ky < g.kernelH(); ky++) {
          int iy = oy * g.stride() - g.padTop() + ky;
          if (iy < 0 || iy >= g.inH()) {
            continue;
          }
          for (int kx = 0; kx < g.kernelW(); kx++) {
            int ix = ox * g.stride() - g.padLeft() + kx;
            if (ix >= 0 && ix < g.inW()) {
              sum += (double) x[xOff + (iy * g.inW() + ix) * c + ch] * w[(ky * g.kernelW() + kx) * c + ch];
            }
          }
        }
        int out = yOff + ox * c + ch;
        y[out] = switch (finish) {
          case RELU6 -> clip((float) sum);
          case ACCUMULATE -> (float) (y[out] + sum);
          case STORE, ADD_RESIDUAL -> (float) sum;
        };
      }
    }
  }

  @Override
  public void depthwiseGroup(Window g, int channels, float[] x, int[] rows, int zeros, float[] w, int wOff,
      float[] bias, int biasOff, Finish finish, float[] room, float[] y, int yOff, int yStride) {
    for (int ox = 0; ox < g.outW(); ox++) {
      for (int ch = 0; ch < channels; ch++) {
        double sum = bias[biasOff + ch];
        for (int ky = 0; ky < g.kernelH(); ky++) {
          for (int kx = 0; kx < g.kernelW(); kx++) {
            int ix = ox * g.stride() - g.padLeft() + kx;
            if (ix >= 0 && ix < g.inW()) {
              sum += (double) x[rows[ky] + ix * PANEL + ch] * w[wOff + (ky * g.kernelW() + kx) * PANEL + ch];
            }
          }
        }
        y[yOff + ox * yStride + ch] = finish == Finish.RELU6 ? clip((float) sum) : (float) sum;
      }
    }
  }

  @Override
  public void depthwiseInputGradientRow(Window g, int iy, int c, float[] dy, int dyOff, float[] w, Finish finish,
      float[] dx, int dxOff) {
    for (int ix = 0; ix < g.inW(); ix++) {
      for (int ch = 0; ch < c; ch++) {
        float sum = 0;
        for (int ky = 0; ky < g.kernelH(); ky++) {
          int oy = outputIndex(iy + g.padTop() - ky, g.stride(), g.outH());
          if (oy < 0) {
            continue;
          }
          for (int kx = 0; kx < g.kernelW(); kx++) {
            int ox = outputIndex(ix + g.padLeft() - kx, g.stride(), g.outW());
            if (ox >= 0) {
              sum += dy[dyOff + (oy * g.outW() + ox) * c + ch] * w[(ky * g.kernelW() + kx) * c + ch];
            }
          }
        }
        int out = dxOff + ix * c + ch;
        dx[out] = finish == Finish.ACCUMULATE ? dx[out] + sum : sum;
      }
    }
  }

  private static int outputIndex(int shifted, int stride, int extent) {
    return shifted < 0 || shifted % stride != 0 || shifted / stride >= extent ? -1 : shifted / stride;
  }

  @Override
  public void depthwiseKernelGradientRow(Window g, int iy, int c, float[] x, int xOff, float[] dy, int dyOff,
      float[] dw, int dwOff) {
    for (int ky = 0; ky < g.kernelH(); ky++) {
      int oy = outputIndex(iy + g.padTop() - ky, g.stride(), g.outH());
      if (oy < 0) {
        continue;
      }
      for (int kx = 0; kx < g.kernelW(); kx++) {
        for (int ch = 0; ch < c; ch++) {
          float sum = 0;
          for (int ox = 0; ox < g.outW(); ox++) {
            int ix = ox * g.stride() - g.padLeft() + kx;
            if (ix >= 0 && ix < g.inW()) {
              sum += x[xOff + ix * c + ch] * dy[dyOff + (oy * g.outW() + ox) * c + ch];
            }
          }
          dw[dwOff + (ky * g.kernelW() + kx) * c + ch] += sum;
        }
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
