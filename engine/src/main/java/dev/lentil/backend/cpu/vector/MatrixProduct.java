package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.vector.Lanes.COUNT;

import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import java.util.Arrays;

/**
 * The blocked matrix products over {@link Tiles}. B is packed in panels of two vectors' width, each panel {@code [k,2
 * lanes]} in one piece, so that the inner loop reads it in a straight line; a remainder of one vector or less gets a panel
 * of one vector. Columns behind the last are zero in the panel and never stored.
 */
final class MatrixProduct {
  /** Columns of a full panel. */
  static final int PANEL = 2 * COUNT;
  /** Rows of a full tile: 8 where there are 32 vector registers, else 4. */
  private static final int ROWS = COUNT >= 16 ? 8 : 4;
  /** Rows of C that go through all panels together, so that their rows of A stay in the second-level cache. */
  private static final int ROW_BLOCK = 64;
  /** Rows of A and B that a weight gradient sums in registers before it adds to memory. */
  private static final int SUM_BLOCK = 256;
  private static final float[] ZEROS = new float[PANEL];

  private MatrixProduct() {}

  static int packedSize(int k, int n) {
    int rest = n % PANEL;
    return k * (n - rest + (rest == 0 ? 0 : rest <= COUNT ? COUNT : PANEL));
  }

  static void pack(float[] b, int bOff, int rowStride, int columnStride, int k, int n, float[] scale, float[] packed) {
    Arrays.fill(packed, 0);
    for (int from = 0; from < n; from += PANEL) {
      int columns = Math.min(PANEL, n - from);
      int width = columns <= COUNT ? COUNT : PANEL;
      int panel = from * k;
      for (int l = 0; l < k; l++) {
        for (int j = 0; j < columns; j++) {
          float value = b[bOff + l * rowStride + (from + j) * columnStride];
          packed[panel + l * width + j] = scale.length == 0 ? value : value * scale[from + j];
        }
      }
    }
  }

  static void multiply(int m, int k, int n, float[] a, int aOff, int aStride, float[] packed, float[] bias,
      Finish finish, float[] residual, int rOff, float[] c, int cOff, int cStride) {
    float[] scratch = new float[8 * PANEL];
    for (int block = 0; block < m; block += ROW_BLOCK) {
      int end = Math.min(m, block + ROW_BLOCK);
      for (int from = 0; from < n; from += PANEL) {
        int columns = Math.min(PANEL, n - from);
        int width = columns <= COUNT ? COUNT : PANEL;
        boolean direct = columns == width && finish != Finish.ACCUMULATE;
        for (int i = block; i < end;) {
          int rows = width == PANEL ? (end - i >= ROWS ? ROWS : end - i >= 4 ? 4 : 1) : end - i >= 8 ? 8 : 1;
          float[] d = direct ? c : scratch;
          int dOff = direct ? cOff + i * cStride + from : 0;
          int dRow = direct ? cStride : PANEL;
          tile(rows, width, k, a, aOff + i * aStride, aStride, 1, packed, from * k, width, bias, from, d, dOff, dRow);
          if (!direct || finish != Finish.STORE) {
            finish(finish, rows, columns, d, dOff, dRow, residual, rOff + i * cStride + from, c,
                cOff + i * cStride + from, cStride);
          }
          i += rows;
        }
      }
    }
  }

  static void multiplyTransposed(int m, int k, int n, float[] a, int aOff, float[] b, int bOff, float[] c, int cOff,
      int kFrom, int kTo, int nFrom, int nTo, Finish finish) {
    float[] scratch = new float[8 * PANEL];
    for (int start = 0; start < m; start += SUM_BLOCK) {
      int rowsSummed = Math.min(SUM_BLOCK, m - start);
      Finish store = start == 0 ? finish : Finish.ACCUMULATE;
      for (int from = nFrom; from < nTo; from += PANEL) {
        int columns = Math.min(PANEL, nTo - from);
        int width = columns <= COUNT ? COUNT : PANEL;
        for (int i = kFrom; i < kTo;) {
          int rows = width == PANEL ? (kTo - i >= ROWS ? ROWS : kTo - i >= 4 ? 4 : 1) : kTo - i >= 8 ? 8 : 1;
          tile(rows, width, rowsSummed, a, aOff + start * k + i, 1, k, b, bOff + start * n + from, n, ZEROS, 0,
              scratch, 0, PANEL);
          int out = cOff + i * n + from;
          finish(store, rows, columns, scratch, 0, PANEL, scratch, 0, c, out, n);
          i += rows;
        }
      }
    }
  }

  private static void tile(int rows, int width, int k, float[] a, int aOff, int aRow, int aStep, float[] b, int bOff,
      int bStep, float[] bias, int biasOff, float[] d, int dOff, int dRow) {
    if (width == PANEL) {
      switch (rows) {
        case 8 -> Tiles.tile8x2(k, a, aOff, aRow, aStep, b, bOff, bStep, bias, biasOff, d, dOff, dRow);
        case 4 -> Tiles.tile4x2(k, a, aOff, aRow, aStep, b, bOff, bStep, bias, biasOff, d, dOff, dRow);
        default -> Tiles.tile1x2(k, a, aOff, aStep, b, bOff, bStep, bias, biasOff, d, dOff);
      }
    } else if (rows == 8) {
      Tiles.tile8x1(k, a, aOff, aRow, aStep, b, bOff, bStep, bias, biasOff, d, dOff, dRow);
    } else {
      Tiles.tile1x1(k, a, aOff, aStep, b, bOff, bStep, bias, biasOff, d, dOff);
    }
  }

  /**
   * Takes a tile that has just been written, and so is in the first-level cache, to its place in C. One loop for each
   * finish, since a choice inside the loop costs as much as the loop.
   */
  private static void finish(Finish finish, int rows, int columns, float[] d, int dOff, int dRow, float[] residual,
      int rOff, float[] c, int cOff, int cStride) {
    switch (finish) {
      case STORE -> {
        for (int i = 0; i < rows; i++) {
          System.arraycopy(d, dOff + i * dRow, c, cOff + i * cStride, columns);
        }
      }
      case RELU6 -> {
        for (int i = 0; i < rows; i++) {
          Elementwise.relu6(columns, d, dOff + i * dRow, c, cOff + i * cStride);
        }
      }
      case ADD_RESIDUAL -> {
        for (int i = 0; i < rows; i++) {
          Elementwise.add(columns, d, dOff + i * dRow, residual, rOff + i * cStride, c, cOff + i * cStride);
        }
      }
      case ACCUMULATE -> {
        for (int i = 0; i < rows; i++) {
          Elementwise.add(columns, d, dOff + i * dRow, c, cOff + i * cStride, c, cOff + i * cStride);
        }
      }
    }
  }
}
