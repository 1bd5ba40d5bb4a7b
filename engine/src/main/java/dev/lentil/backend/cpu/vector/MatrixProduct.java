package dev.lentil.backend.cpu.vector;

import static dev.lentil.backend.cpu.kernels.Kernels.FRONT;
import static dev.lentil.backend.cpu.vector.Lanes.COUNT;

import dev.lentil.backend.cpu.kernels.Kernels.Finish;
import java.util.Arrays;

/**
 * The blocked matrix products over the tiles. B is packed in panels of three vectors' width, or two where there are few
 * vector registers, each panel {@code [k,width]} in one piece, so that the inner loop reads it in a straight line; a
 * remainder of fewer vectors gets a panel of that width. Columns behind the last are never stored; in the panel they are zero,
 * or the half vector before them once more where {@link PairedTiles} need it. Where there are few vector registers, {@link Strips}
 * write whole panels, and the tiles what is left.
 */
final class MatrixProduct {
  /** 512 bits come with 32 vector registers; narrower vectors are taken to come with 16. */
  static final boolean MANY_REGISTERS = COUNT >= 16;
  /** Columns of a full panel. */
  static final int PANEL = (MANY_REGISTERS ? 3 : 2) * COUNT;
  /** Rows of a full tile, with any number of registers; see {@link Tiles3}. */
  private static final int ROWS = 6;
  /** Columns of a panel whose rows go through {@link PairedTiles}, or none. */
  private static final int PAIRED_COLUMNS = MANY_REGISTERS ? COUNT + COUNT / 2 : 0;
  private static final int PAIRED_ROWS = 8;
  /** Rows of a kernel gradient's tallest tile. */
  private static final int MOST_GRADIENT_ROWS = 10;
  /** Floats from row to row of a tile that is set down outside C, as {@link GradientTiles} does it. */
  private static final int EDGE = 3 * COUNT;
  /** Rows of C that go through all panels together, so that their rows of A stay in the second-level cache. */
  private static final int ROW_BLOCK = 72;
  /** Rows of A and B that a kernel gradient sums in registers before it adds to memory. */
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
        if (columns == PAIRED_COLUMNS) {
          int half = panel + l * width + COUNT;
          System.arraycopy(packed, half, packed, half + COUNT / 2, COUNT / 2);
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
    var product =
        new Product(m, k, a, aOff, aStride, packed, bias, finish, residual, rOff - nFrom, c, cOff - nFrom, cStride);
    for (int block = 0; block < m; block += ROW_BLOCK) {
      int end = Math.min(m, block + ROW_BLOCK);
      if (MANY_REGISTERS || finish == Finish.ACCUMULATE) {
        product.tiles(block, end, nFrom, nTo);
      } else {
        product.strips(block, end, nFrom, nTo);
      }
    }
  }

  /**
   * @param rOff where the residual's row 0 would have column 0
   * @param cOff the same of C
   */
  private record Product(int m, int k, float[] a, int aOff, int aStride, float[] packed, float[] bias, Finish finish,
      float[] residual, int rOff, float[] c, int cOff, int cStride) {

    /** Rows {@code top..bottom-1} of columns {@code nFrom..nTo-1}. */
    void tiles(int top, int bottom, int nFrom, int nTo) {
      boolean accumulate = finish == Finish.ACCUMULATE;
      Finish last = accumulate ? Finish.STORE : finish;
      float[] start = accumulate ? c : bias;
      int startRow = accumulate ? cStride : 0;
      // what a tile writes behind its last column then lies in the rows below, which are written after it
      boolean onwards = nTo - nFrom == cStride && cStride < PANEL && !accumulate;
      float[] edge = {};
      for (int from = nFrom; from < nTo; from += PANEL) {
        int columns = Math.min(PANEL, nTo - from);
        int width = width(columns);
        boolean whole = columns == width || columns == PAIRED_COLUMNS;
        int i = whole ? wholeTiles(top, bottom, from, columns, start, accumulate, last) : top;
        while (i < bottom) {
          int rows = MatrixProduct.rows(bottom - i);
          int at = cOff + i * cStride + from;
          int startOff = accumulate ? at : from;
          if (columns == width || onwards && (m - i - rows) * cStride >= width - columns) {
            tile(rows, width, k, a, aOff + i * aStride, aStride, packed, FRONT + from * k, start, startOff, startRow,
                last, c, at, cStride);
            if (last == Finish.ADD_RESIDUAL) {
              finish(i, rows, from, columns);
            }
          } else {
            edge = edge.length > 0 ? edge : new float[ROWS * EDGE];
            tile(rows, width, k, a, aOff + i * aStride, aStride, packed, FRONT + from * k, start, startOff, startRow,
                last, edge, 0, EDGE);
            setDown(last, rows, columns, edge, residual, rOff + i * cStride + from, c, at, cStride);
          }
          i += rows;
        }
      }
    }

    /**
     * Tiles of full height and width, from row {@code top} on. They are most of the work, and with a short k a decision for each
     * of them would take time that shows.
     *
     * @return the row after them
     */
    private int wholeTiles(int top, int bottom, int from, int columns, float[] start, boolean accumulate, Finish last) {
      float[] limits = Elementwise.limits(last);
      int rows = columns == PAIRED_COLUMNS ? PAIRED_ROWS : ROWS;
      int tiles = (bottom - top) / rows;
      int in = aOff + top * aStride;
      int out = cOff + top * cStride + from;
      int startRow = accumulate ? cStride : 0;
      int b = FRONT + from * k;
      for (int tile = 0; tile < tiles; tile++) {
        int at = in + tile * rows * aStride;
        int to = out + tile * rows * cStride;
        int startOff = accumulate ? to : from;
        switch (columns / (COUNT / 2)) {
          case 6 -> Tiles3.tile6x3(k, a, at, aStride, packed, b, start, startOff, startRow, limits, c, to, cStride);
          case 3 ->
              PairedTiles.tile8x24(k, a, at, aStride, packed, b, start, startOff, startRow, limits, c, to, cStride);
          case 4 -> Tiles2.tile6x2(k, a, at, aStride, packed, b, start, startOff, startRow, limits, c, to, cStride);
          default -> Tiles1.tile6x1(k, a, at, aStride, packed, b, start, startOff, startRow, limits, c, to, cStride);
        }
        if (last == Finish.ADD_RESIDUAL) {
          finish(top + tile * rows, rows, from, columns);
        }
      }
      return top + tiles * rows;
    }

    /** As {@link #tiles}, for few registers, without {@link Finish#ACCUMULATE}. */
    void strips(int top, int bottom, int nFrom, int nTo) {
      int whole = nTo % COUNT == 0 ? nTo : nTo / PANEL * PANEL;
      // a panel of one vector goes with the one before
      int odd = (whole - nFrom) / COUNT % 2 == 0 ? 0 : Math.min(3 * COUNT, whole - nFrom);
      int pairs = whole - odd;
      int swept = nFrom + (pairs - nFrom) / Strips.SWEEP * Strips.SWEEP;
      int full = top + (bottom - top) / Strips.ROWS * Strips.ROWS;
      if (full < bottom && nFrom < swept) {
        sweep(full, bottom, nFrom, swept);
      }
      for (int from = nFrom; from < pairs; from += PANEL) {
        strip(top, full, from, PANEL);
        if (from >= swept) {
          tiles(full, bottom, from, from + PANEL);
        }
      }
      if (odd > 0) {
        int tall = odd == 3 * COUNT ? 3 : Strips.ROWS;
        int end = top + (bottom - top) / tall * tall;
        strip(top, end, pairs, odd);
        tiles(end, bottom, pairs, whole);
      }
      tiles(top, bottom, whole, nTo);
    }

    /** Rows that do not fill tiles, one by one. */
    private void sweep(int top, int bottom, int nFrom, int nTo) {
      for (int row = top; row < bottom; row++) {
        for (int from = nFrom; from < nTo; from += Strips.SWEEP) {
          Strips.row(k, a, aOff + row * aStride, packed, FRONT + from * k, bias, from, c, cOff + row * cStride + from);
        }
      }
      finish(top, bottom - top, nFrom, nTo - nFrom);
    }

    /** Rows that fill tiles, of {@code width} columns. */
    private void strip(int top, int bottom, int from, int width) {
      int rows = bottom - top;
      if (rows == 0) {
        return;
      }
      int in = aOff + top * aStride;
      int b = FRONT + from * k;
      int out = cOff + top * cStride + from;
      if (finish == Finish.RELU6 && width == PANEL && cStride == width) {
        Strips.rectified6x2(rows / Strips.ROWS, k, a, in, aStride, packed, b, bias, from, c, out);
        return;
      }
      switch (width / COUNT) {
        case 3 -> Strips.strip3x3(rows / 3, k, a, in, aStride, packed, b, b + PANEL * k, bias, from, c, out, cStride);
        case 2 -> Strips.strip6x2(rows / Strips.ROWS, k, a, in, aStride, packed, b, bias, from, c, out, cStride);
        default -> Strips.strip6x1(rows / Strips.ROWS, k, a, in, aStride, packed, b, bias, from, c, out, cStride);
      }
      finish(top, rows, from, width);
    }

    /** What is left to do for rows that have just been written, and so are in the first-level cache. */
    private void finish(int row, int rows, int from, int columns) {
      for (int i = row; i < row + rows; i++) {
        int at = cOff + i * cStride + from;
        if (finish == Finish.RELU6) {
          Elementwise.relu6(columns, c, at, c, at);
        } else if (finish == Finish.ADD_RESIDUAL) {
          Elementwise.add(columns, c, at, residual, rOff + i * cStride + from, c, at);
        }
      }
    }
  }

  static void multiplyTransposed(int m, int k, int n, float[] a, int aOff, float[] b, int bOff, float[] c, int cOff,
      int kFrom, int kTo, int nFrom, int nTo, Finish finish) {
    float[] edge = new float[MOST_GRADIENT_ROWS * EDGE];
    for (int start = 0; start < m; start += SUM_BLOCK) {
      int rowsSummed = Math.min(SUM_BLOCK, m - start);
      boolean goesOn = start > 0 || finish == Finish.ACCUMULATE;
      for (int from = nFrom; from < nTo; from += PANEL) {
        int columns = Math.min(PANEL, nTo - from);
        int width = width(columns);
        for (int i = kFrom; i < kTo;) {
          int rows = gradientRows(kTo - i, width);
          int at = cOff + i * n + from;
          gradientTile(rows, width, rowsSummed, a, aOff + start * k + i, k, b, bOff + start * n + from, n, edge);
          setDown(goesOn ? Finish.ADD_RESIDUAL : Finish.STORE, rows, columns, edge, c, at, c, at, n);
          i += rows;
        }
      }
    }
  }

  /** Rows of the next tile of a kernel gradient, of {@code left} that remain. 6x2 vectors would have the compiler spill. */
  private static int gradientRows(int left, int width) {
    int most = MANY_REGISTERS ? 8 : width == COUNT ? MOST_GRADIENT_ROWS : 5;
    return left >= most ? most : left >= 4 ? 4 : 1;
  }

  /** Rows of the next tile, of {@code left} that remain. */
  private static int rows(int left) {
    return left >= ROWS ? ROWS : left >= 4 ? 4 : 1;
  }

  private static void tile(int rows, int width, int k, float[] a, int aOff, int aRow, float[] b, int bOff,
      float[] start, int startOff, int startRow, Finish finish, float[] d, int dOff, int dRow) {
    float[] limits = Elementwise.limits(finish);
    if (width == 3 * COUNT) {
      switch (rows) {
        case 6 -> Tiles3.tile6x3(k, a, aOff, aRow, b, bOff, start, startOff, startRow, limits, d, dOff, dRow);
        case 4 -> Tiles3.tile4x3(k, a, aOff, aRow, b, bOff, start, startOff, startRow, limits, d, dOff, dRow);
        default -> Tiles3.tile1x3(k, a, aOff, b, bOff, start, startOff, limits, d, dOff);
      }
    } else if (width == 2 * COUNT) {
      switch (rows) {
        case 6 -> Tiles2.tile6x2(k, a, aOff, aRow, b, bOff, start, startOff, startRow, limits, d, dOff, dRow);
        case 4 -> Tiles2.tile4x2(k, a, aOff, aRow, b, bOff, start, startOff, startRow, limits, d, dOff, dRow);
        default -> Tiles2.tile1x2(k, a, aOff, b, bOff, start, startOff, limits, d, dOff);
      }
    } else {
      switch (rows) {
        case 6 -> Tiles1.tile6x1(k, a, aOff, aRow, b, bOff, start, startOff, startRow, limits, d, dOff, dRow);
        case 4 -> Tiles1.tile4x1(k, a, aOff, aRow, b, bOff, start, startOff, startRow, limits, d, dOff, dRow);
        default -> Tiles1.tile1x1(k, a, aOff, b, bOff, start, startOff, limits, d, dOff);
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
        case 5 -> GradientTiles.sum5x2(count, a, aOff, aStep, b, bOff, bStep, d);
        case 4 -> GradientTiles.sum4x2(count, a, aOff, aStep, b, bOff, bStep, d);
        default -> GradientTiles.sum1x2(count, a, aOff, aStep, b, bOff, bStep, d);
      }
    } else {
      switch (rows) {
        case 8 -> GradientTiles.sum8x1(count, a, aOff, aStep, b, bOff, bStep, d);
        case 10 -> GradientTiles.sum10x1(count, a, aOff, aStep, b, bOff, bStep, d);
        case 4 -> GradientTiles.sum4x1(count, a, aOff, aStep, b, bOff, bStep, d);
        default -> GradientTiles.sum1x1(count, a, aOff, aStep, b, bOff, bStep, d);
      }
    }
  }

  /** Takes a tile that was set down outside C, and so is in the first-level cache, to its place; it is clipped already. */
  private static void setDown(Finish finish, int rows, int columns, float[] edge, float[] other, int otherOff,
      float[] c, int cOff, int cStride) {
    if (finish != Finish.ADD_RESIDUAL) {
      Elementwise.copy(rows, columns, edge, 0, EDGE, c, cOff, cStride);
      return;
    }
    for (int i = 0; i < rows; i++) {
      Elementwise.add(columns, edge, i * EDGE, other, otherOff + i * cStride, c, cOff + i * cStride);
    }
  }
}
