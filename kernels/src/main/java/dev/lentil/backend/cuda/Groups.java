package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.driver.Grid;

/**
 * How the rows of a two-stage sum, or the tiles that they come in, are cut into groups. It depends on the shapes alone, never on the card, so a sum is the
 * same on every card.
 *
 * @param count groups, none of them empty
 * @param rows rows of each group but the last
 */
record Groups(int count, int rows) {
  private static final int COLUMNS = 32;
  private static final int LANES = 8;
  private static final int LEAST_ROWS = 32;
  private static final int MOST_GROUPS = 2048;

  /** {@code SECOND_STAGE_THREADS} of second_stage.cuh. */
  private static final int SECOND_STAGE_THREADS = 256;

  /** Groups that a thread of the second stage takes one after the other. */
  private static final int PARTS_PER_THREAD = 4;

  /** Groups of a multiple of {@code leastRows}, for so many sums, whose parts kernels count in 32 bits. */
  static Groups of(int total, int leastRows, int sums) {
    int wanted = Math.clamp(total / leastRows, 1, Math.min(MOST_GROUPS, Integer.MAX_VALUE / sums));
    int rows = Math.ceilDiv(Math.ceilDiv(total, wanted), leastRows) * leastRows;
    return new Groups(Math.ceilDiv(total, rows), rows);
  }

  /** The same for fewer sums than a million, as those of channels are. */
  static Groups of(int total, int leastRows) {
    return of(total, leastRows, 1);
  }

  static Groups of(int total) {
    return of(total, LEAST_ROWS);
  }

  /** Groups of rows, each enough for all lanes of a block that takes it. */
  static Groups of(int total, Columns columns) {
    return of(total, Math.max(LEAST_ROWS, columns.lanes()));
  }

  /** Blocks of lentil.cuh: one for each group and 32 channels, and for each of {@code depth} things besides. */
  Grid grid(int channels, int depth) {
    return new Grid(count, Math.ceilDiv(channels, COLUMNS), depth, COLUMNS, LANES);
  }

  Grid grid(int channels) {
    return grid(channels, 1);
  }

  /** Blocks of second_stage.cuh, for so many sums: the more groups there are the more threads share a sum. */
  Grid secondStage(int sums) {
    int wanted = Math.ceilDiv(count, PARTS_PER_THREAD);
    int threads = Math.min(SECOND_STAGE_THREADS, wanted == 1 ? 1 : Integer.highestOneBit(wanted - 1) * 2);
    int lines = SECOND_STAGE_THREADS / threads;
    return new Grid(Math.ceilDiv(sums, lines), 1, 1, threads, lines);
  }
}
