package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.driver.Grid;

/**
 * How the rows of a two-stage sum are cut into groups. It depends on the shapes alone, never on the card, so a sum is the
 * same on every card.
 *
 * @param count groups, none of them empty
 * @param rows rows of each group but the last
 */
record Groups(int count, int rows) {
  private static final int COLUMNS = 32;
  private static final int LANES = 8;
  private static final int LEAST_ROWS = 128;
  private static final int MOST_GROUPS = 1024;

  /** {@code FINISH_LANES} of lentil.cuh. */
  private static final int FINISH_LANES = 16;

  static Groups of(int total, int leastRows) {
    int wanted = Math.clamp(total / leastRows, 1, MOST_GROUPS);
    int rows = (total + wanted - 1) / wanted;
    return new Groups((total + rows - 1) / rows, rows);
  }

  static Groups of(int total) {
    return of(total, LEAST_ROWS);
  }

  /** Blocks of lentil.cuh: one for each group and 32 channels, and for each of {@code depth} things besides. */
  Grid grid(int channels, int depth) {
    return new Grid(count, columns(channels), depth, COLUMNS, LANES);
  }

  Grid grid(int channels) {
    return grid(channels, 1);
  }

  /** For the second stage over {@code results} numbers. */
  static Grid finish(int results) {
    return new Grid(columns(results), 1, 1, COLUMNS, FINISH_LANES);
  }

  private static int columns(int channels) {
    return (channels + COLUMNS - 1) / COLUMNS;
  }
}
