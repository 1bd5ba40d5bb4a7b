package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.driver.Grid;

/**
 * Thread blocks over rows of channels, those of rows.cuh: neighbouring threads take neighbouring packs of a row's channels, each
 * further lane of threads another row.
 *
 * @param blocks side by side, which together cover a row
 * @param threads packs of a row in one block
 * @param lanes rows that a block takes at once
 */
record Columns(int blocks, int threads, int lanes) {
  private static final int THREADS = 256;

  /** {@code DEPTHWISE_THREADS} of depthwise.cuh. */
  private static final int DEPTHWISE_THREADS = 128;
  private static final int MOST_PACKS = 32;

  /** Rows that a thread takes at least, where there are enough: its channels' constants are read once for all of them. */
  private static final int ROWS_PER_THREAD = 4;

  private static final int MOST_BLOCKS = 1 << 13;

  static Columns of(int packs) {
    return of(packs, THREADS);
  }

  static Columns depthwise(int packs) {
    return of(packs, DEPTHWISE_THREADS);
  }

  private static Columns of(int packs, int threadsOfBlock) {
    int blocks = Math.ceilDiv(packs, MOST_PACKS);
    int threads = Math.ceilDiv(packs, blocks);
    return new Columns(blocks, threads, threadsOfBlock / threads);
  }

  /** Blocks that each take one group of rows. */
  Grid grid(int groups) {
    return new Grid(groups, blocks, 1, threads, lanes);
  }

  /** Blocks that share all rows among them. */
  Grid rows(int rows) {
    return grid(Math.clamp(Math.ceilDiv(rows, lanes * ROWS_PER_THREAD), 1, Math.max(1, MOST_BLOCKS / blocks)));
  }
}
