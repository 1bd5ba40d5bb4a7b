package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.kernels.Kernels.FRONT;
import static dev.lentil.backend.cpu.vector.Lanes.COUNT;

import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import java.util.Arrays;

/**
 * The blocked matrix products over the tiles. B is packed in panels of three vectors' width, or two where there are few
 * vector registers, each panel {@code [k,width]} in one piece, so that the inner loop reads it in a straight line; a
 * remainder of fewer vectors gets a panel of that width. Columns behind the last are zero in the panel and never stored.
 */
final class MatrixProduct {
  /** 512 bits come with 32 vector registers; narrower vectors are taken to come with 16. */
  private static final boolean MANY_REGISTERS = COUNT >= 16;
  /** Columns of a full panel. */
  static final int PANEL = (MANY_REGISTERS ? 3 : 2) * COUNT;
  /** Rows of a full tile. 6x2 takes 15 of 16 registers; 4x3 would take all, and the compiler spills (docs/performance.md). */
  private static final int ROWS = MANY_REGISTERS ? 8 : 6;
  /** Floats from row to row of a tile that is set down outside C, as {@link GradientTiles} does it. */
  private static final int EDGE = 3 * COUNT;
  /** Rows of C that go through all panels together, so that their rows of A stay in the second-level cache. */
  private static final int ROW_BLOCK = 64;
  /** Rows of A and B that a weight gradient sums in registers before it adds to memory. */
  private static final int SUM_BLOCK = 256;

  private MatrixProduct() {}

  static int packedSize(int k, int n) {
    return FRONT + k * ((n + COUNT - 1) / COUNT * COUNT);
  }

  static void pack(float[] b, int bOff, int rowStride, int columnStride, int k, int n, float[] scale, float[] packed) {
    Arrays.fill(packed, 0);
    for (int from = 0; from < n; from += PANEL) {
      int columns = Math.min(PANEL, n - from);
      int width = width(columns);
      int panel = FRONT + from * k;
      for (int l = 0; l < k; l++) {
        for (int j = 0; j < columns; j++) {
          float value = b[bOff + l * rowStride + (from + j) * columnStride];
          packed[panel + l * width + j] = scale.length == 0 ? value : value * scale[from + j];
        }
      }
    }
  }

  /** The columns of whole vectors. */
  private static int width(int columns) {
    return columns <= COUNT ? COUNT : columns <= 2 * COUNT ? 2 * COUNT : PANEL;
  }

  static void multiply(int m, int k, int nFrom, int nTo, float[] a, int aOff, int aStride, float[] packed,
      float[] bias, Finish finish, float[] residual, int rOff, float[] c, int cOff, int cStride) {
    boolean accumulate = finish == Finish.ACCUMULATE;
    Finish last = accumulate ? Finish.STORE : finish;
    float[] start = accumulate ? c : bias;
    int startRow = accumulate ? cStride : 0;
    float[] edge = nTo % COUNT == 0 ? c : new float[ROWS * EDGE];
    for (int block = 0; block < m; block += ROW_BLOCK) {
      int end = Math.min(m, block + ROW_BLOCK);
      for (int from = nFrom; from < nTo; from += PANEL) {
        int columns = Math.min(PANEL, nTo - from);
        int width = width(columns);
        int panel = FRONT + from * k;
        for (int i = block; i < end;) {
          int rows = rows(end - i);
          int at = cOff + i * cStride + from - nFrom;
          int startOff = accumulate ? at : from;
          int other = rOff + i * cStride + from - nFrom;
          if (columns == width) {
            tile(rows, width, k, a, aOff + i * aStride, aStride, packed, panel, start, startOff, startRow,
                last, c, at, cStride);
            if (last == Finish.ADD_RESIDUAL) {
              finish(last, rows, columns, c, at, cStride, residual, other, c, at, cStride);
            }
          } else {
            tile(rows, width, k, a, aOff + i * aStride, aStride, packed, panel, start, startOff, startRow,
                last, edge, 0, EDGE);
            finish(last, rows, columns, edge, 0, EDGE, residual, other, c, at, cStride);
          }
          i += rows;
        }
      }
    }
  }

  static void multiplyTransposed(int m, int k, int n, float[] a, int aOff, float[] b, int bOff, float[] c, int cOff,
      int kFrom, int kTo, int nFrom, int nTo, Finish finish) {
    float[] edge = new float[ROWS * EDGE];
    for (int start = 0; start < m; start += SUM_BLOCK) {
      int rowsSummed = Math.min(SUM_BLOCK, m - start);
      boolean goesOn = start > 0 || finish == Finish.ACCUMULATE;
      for (int from = nFrom; from < nTo; from += PANEL) {
        int columns = Math.min(PANEL, nTo - from);
        int width = width(columns);
        for (int i = kFrom; i < kTo;) {
          int rows = rows(kTo - i);
          int at = cOff + i * n + from;
          gradientTile(rows, width, rowsSummed, a, aOff + start * k + i, k, b, bOff + start * n + from, n, edge);
          finish(goesOn ? Finish.ADD_RESIDUAL : Finish.STORE, rows, columns, edge, 0, EDGE, c, at, c, at, n);
          i += rows;
        }
      }
    }
  }

  /** Rows of the next tile, of {@code left} that remain. */
  private static int rows(int left) {
    return left >= ROWS ? ROWS : left >= 4 ? 4 : 1;
  }

  private static void tile(int rows, int width, int k, float[] a, int aOff, int aRow, float[] b, int bOff,
      float[] start, int startOff, int startRow, Finish finish, float[] d, int dOff,
      int dRow) {
    if (width == 3 * COUNT) {
      switch (rows) {
        case 8 -> Tiles3.tile8x3(k, a, aOff, aRow, b, bOff, start, startOff, startRow, finish, d, dOff, dRow);
        case 4 -> Tiles3.tile4x3(k, a, aOff, aRow, b, bOff, start, startOff, startRow, finish, d, dOff, dRow);
        default -> Tiles3.tile1x3(k, a, aOff, aRow, b, bOff, start, startOff, startRow, finish, d, dOff, dRow);
      }
    } else if (width == 2 * COUNT) {
      switch (rows) {
        case 8 -> Tiles2.tile8x2(k, a, aOff, aRow, b, bOff, start, startOff, startRow, finish, d, dOff, dRow);
        case 6 -> Tiles2.tile6x2(k, a, aOff, aRow, b, bOff, start, startOff, startRow, finish, d, dOff, dRow);
        case 4 -> Tiles2.tile4x2(k, a, aOff, aRow, b, bOff, start, startOff, startRow, finish, d, dOff, dRow);
        default -> Tiles2.tile1x2(k, a, aOff, aRow, b, bOff, start, startOff, startRow, finish, d, dOff, dRow);
      }
    } else {
      switch (rows) {
        case 8 -> Tiles1.tile8x1(k, a, aOff, aRow, b, bOff, start, startOff, startRow, finish, d, dOff, dRow);
        case 6 -> Tiles1.tile6x1(k, a, aOff, aRow, b, bOff, start, startOff, startRow, finish, d, dOff, dRow);
        case 4 -> Tiles1.tile4x1(k, a, aOff, aRow, b, bOff, start, startOff, startRow, finish, d, dOff, dRow);
        default -> Tiles1.tile1x1(k, a, aOff, aRow, b, bOff, start, startOff, startRow, finish, d, dOff, dRow);
      }
    }
  }

  private static void gradientTile(int rows, int width, int count, float[] a, int aOff, int aStep, float[] b, int bOff,
      int bStep, float[] d) {
    if (width == 3 * COUNT) {
      switch (rows) {
        case 8 -> GradientTiles.sum8x3(count, a, aOff, aStep, b, bOff, bStep, d);
        case 4 -> GradientTiles.sum4x3(count, a, aOff, aStep, b, bOff, bStep, d);
        default -> GradientTiles.sum1x3(count, a, aOff, aStep, b, bOff, bStep, d);
      }
    } else if (width == 2 * COUNT) {
      switch (rows) {
        case 8 -> GradientTiles.sum8x2(count, a, aOff, aStep, b, bOff, bStep, d);
        case 6 -> GradientTiles.sum6x2(count, a, aOff, aStep, b, bOff, bStep, d);
        case 4 -> GradientTiles.sum4x2(count, a, aOff, aStep, b, bOff, bStep, d);
        default -> GradientTiles.sum1x2(count, a, aOff, aStep, b, bOff, bStep, d);
      }
    } else {
      switch (rows) {
        case 8 -> GradientTiles.sum8x1(count, a, aOff, aStep, b, bOff, bStep, d);
        case 6 -> GradientTiles.sum6x1(count, a, aOff, aStep, b, bOff, bStep, d);
        case 4 -> GradientTiles.sum4x1(count, a, aOff, aStep, b, bOff, bStep, d);
        default -> GradientTiles.sum1x1(count, a, aOff, aStep, b, bOff, bStep, d);
      }
    }
  }

  /** Takes a tile that has just been written, and so is in the first-level cache, to its place in C; it is clipped already. */
  private static void finish(Finish finish, int rows, int columns, float[] d, int dOff, int dRow, float[] other,
      int otherOff, float[] c, int cOff, int cStride) {
    if (finish != Finish.ADD_RESIDUAL) {
      Elementwise.copy(rows, columns, d, dOff, dRow, c, cOff, cStride);
      return;
    }
    for (int i = 0; i < rows; i++) {
      Elementwise.add(columns, d, dOff + i * dRow, other, otherOff + i * cStride, c, cOff + i * cStride);
    }
  }
}
