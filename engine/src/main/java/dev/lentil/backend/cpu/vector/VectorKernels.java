package dev.lentil.backend.cpu.vector;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.nn.Window;

/** {@link Kernels} on the JDK's incubating Vector API, which only this package touches. */
public final class VectorKernels implements Kernels {

  @Override
  public String describe() {
    return "Vector API, " + Lanes.SPECIES.vectorBitSize() + " bits";
  }

  @Override
  public int panel() {
    return MatrixProduct.PANEL;
  }

  @Override
  public int packedSize(int k, int n) {
    return MatrixProduct.packedSize(k, n);
  }

  @Override
  public void pack(float[] b, int bOff, int rowStride, int columnStride, int k, int n, float[] scale, float[] packed) {
    MatrixProduct.pack(b, bOff, rowStride, columnStride, k, n, scale, packed);
  }

  @Override
  public void multiply(int m, int k, int n, int nFrom, int nTo, float[] a, int aOff, int aStride, float[] packed,
      float[] bias, Finish finish, float[] residual, int rOff, float[] c, int cOff, int cStride) {
    MatrixProduct.multiply(m, k, nFrom, nTo, a, aOff, aStride, packed, bias, finish, residual, rOff, c, cOff, cStride);
  }

  @Override
  public void multiplyTransposed(int m, int k, int n, float[] a, int aOff, float[] b, int bOff, float[] c, int cOff,
      int kFrom, int kTo, int nFrom, int nTo, Finish finish) {
    MatrixProduct.multiplyTransposed(m, k, n, a, aOff, b, bOff, c, cOff, kFrom, kTo, nFrom, nTo, finish);
  }

  @Override
  public void copy(int rows, int size, float[] x, int xOff, int xStride, float[] y, int yOff, int yStride) {
    Elementwise.copy(rows, size, x, xOff, xStride, y, yOff, yStride);
  }

  @Override
  public void patches(int pixels, int rows, int width, float[] x, int xOff, int xRow, int xStep, float[] y, int yOff,
      int yStep) {
    int done = rows == 3 && width <= Lanes.COUNT && yStep == rows * width
        ? Elementwise.patchesOfThreeRows(pixels, width, x, xOff, xRow, xStep, y, yOff)
        : 0;
    Kernels.super.patches(pixels - done, rows, width, x, xOff + done * xStep, xRow, xStep, y,
        yOff + done * yStep, yStep);
  }

  @Override
  public void depthwiseRow(Window window, int oy, int c, float[] x, int xOff, float[] w, float[] bias, Finish finish,
      float[] y, int yOff) {
    Depthwise.row(window, oy, c, x, xOff, w, bias, finish, y, yOff);
  }

  @Override
  public void depthwiseGroup(Window window, int channels, float[] x, int[] rows, float[] w, int wOff,
      float[] bias, int biasOff, Finish finish, float[] room, float[] y, int yOff, int yStride) {
    if (channels % Lanes.COUNT == 0) {
      DepthwiseGroup.row(window, channels, x, rows, w, wOff, bias, biasOff, finish, y, yOff, yStride);
      return;
    }
    // whole vectors would write over the neighbouring pixel
    int panel = MatrixProduct.PANEL;
    DepthwiseGroup.row(window, channels, x, rows, w, wOff, bias, biasOff, finish, room, 0, panel);
    Elementwise.copy(window.outW(), channels, room, 0, panel, y, yOff, yStride);
  }

  @Override
  public void depthwiseInputGradientRow(Window window, int iy, int c, float[] dy, int dyOff, float[] w, Finish finish,
      float[] dx, int dxOff) {
    Depthwise.inputGradientRow(window, iy, c, dy, dyOff, w, finish, dx, dxOff);
  }

  @Override
  public void depthwiseKernelGradientRow(Window window, int iy, int c, float[] x, int xOff, float[] dy, int dyOff,
      float[] dw, int dwOff) {
    Depthwise.kernelGradientRow(window, iy, c, x, xOff, dy, dyOff, dw, dwOff);
  }

  @Override
  public void normalize(int rows, int c, float[] x, int xOff, float[] center, float[] scale, float[] shift,
      Finish finish, float[] y, int yOff) {
    Elementwise.normalize(rows, c, x, xOff, center, scale, shift, finish, y, yOff);
  }

  @Override
  public void relu6(int size, float[] x, int xOff, float[] y, int yOff) {
    Elementwise.relu6(size, x, xOff, y, yOff);
  }

  @Override
  public void relu6Backward(int size, float[] y, int yOff, float[] dy, int dyOff, Finish finish, float[] dx,
      int dxOff) {
    Elementwise.relu6Backward(size, y, yOff, dy, dyOff, finish, dx, dxOff);
  }

  @Override
  public void add(int size, float[] a, int aOff, float[] b, int bOff, float[] y, int yOff) {
    Elementwise.add(size, a, aOff, b, bOff, y, yOff);
  }

  @Override
  public void columnSums(int rows, int c, float[] x, int xOff, float[] sum) {
    ColumnSums.columnSums(rows, c, x, xOff, sum);
  }

  @Override
  public void columnMoments(int rows, int c, float[] x, int xOff, float[] center, float[] sum, float[] squares) {
    ColumnSums.columnMoments(rows, c, x, xOff, center, sum, squares);
  }

  @Override
  public void rectifiedSums(int rows, int c, float[] x, int xOff, float[] center, float[] scale, float[] shift,
      float[] dy, int dyOff, float[] sum, float[] product) {
    ColumnSums.rectifiedSums(rows, c, x, xOff, center, scale, shift, dy, dyOff, sum, product);
  }

  @Override
  public void columnProducts(int rows, int c, float[] dy, int dyOff, float[] x, int xOff, float[] center,
      float[] sum) {
    ColumnSums.columnProducts(rows, c, dy, dyOff, x, xOff, center, sum);
  }

  @Override
  public void normalizeBackward(int rows, int c, float[] dy, int dyOff, float[] x, int xOff, float[] a, float[] b,
      float[] center, float[] d, Finish finish, float[] dx, int dxOff) {
    Elementwise.normalizeBackward(rows, c, dy, dyOff, x, xOff, a, b, center, d, finish, dx, dxOff);
  }

  @Override
  public void adam(int size, float rate, float decay, float share1, float share2, float epsilon, float[] g, float[] m,
      float[] v, float[] w, int off) {
    Elementwise.adam(size, rate, decay, share1, share2, epsilon, g, m, v, w, off);
  }

  @Override
  public void sgd(int size, float rate, float momentum, float[] g, float[] a, float[] w, int off) {
    Elementwise.sgd(size, rate, momentum, g, a, w, off);
  }
}
