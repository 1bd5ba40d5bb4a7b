package dev.lentil.backend.cpu;

/**
 * Sums per channel over all rows of a {@code [rows,c]} matrix. The rows are cut into a number of groups that depends on the
 * matrix alone; a group is summed in blocks of {@link #BLOCK} rows in float32, the blocks in float64, the groups in order.
 * So the result is accurate however many rows there are, and the same for any number of threads.
 */
final class ChannelStatistics {
  private static final int BLOCK = 128;
  private static final int MAX_GROUPS = 32;
  private static final int MIN_ROWS = 512;

  /** Adds one block of rows to the totals of its group. */
  @FunctionalInterface
  interface BlockSum {
    void add(int firstRow, int rows, double[] totals);
  }

  private ChannelStatistics() {}

  /** {@code totals} numbers per matrix, summed by {@code block} over all rows. */
  static double[] sum(int rows, int totals, Workers workers, BlockSum block) {
    double[][] partial = groups(rows, totals, workers, block);
    double[] sum = new double[totals];
    for (double[] group : partial) {
      for (int i = 0; i < totals; i++) {
        sum[i] += group[i];
      }
    }
    return sum;
  }

  /** The totals of each group, for sums that are combined in another way than by adding. */
  static double[][] groups(int rows, int totals, Workers workers, BlockSum block) {
    int groups = Math.clamp(rows / MIN_ROWS, 1, MAX_GROUPS);
    double[][] partial = new double[groups][totals];
    workers.run(groups, (group, _) -> {
      int end = firstRow(group + 1, groups, rows);
      for (int from = firstRow(group, groups, rows); from < end; from += BLOCK) {
        block.add(from, Math.min(BLOCK, end - from), partial[group]);
      }
    });
    return partial;
  }

  private static int firstRow(int group, int groups, int rows) {
    return (int) ((long) group * rows / groups);
  }
}
