package dev.lentil.backend.cpu;

/**
 * Units (rows, pixels) cut into groups of nearly the same size, whose number depends on the matrix alone: sums taken group by
 * group and joined in order are the same for any number of threads.
 */
record Partition(int units, int groups) {
  /** At most so many groups: enough for threads to share out, few enough that joining them costs little. */
  private static final int MAX_GROUPS = 32;
  /** Rows of channels that are worked on together: some tens of kilobytes. */
  static final int BLOCK = 128;

  /** Groups of at least {@code smallest} units where there are more than {@code least} such groups. */
  static Partition of(int units, int smallest, int least) {
    return new Partition(units, Math.clamp(Math.clamp(units / smallest, least, MAX_GROUPS), 1, Math.max(1, units)));
  }

  /** Groups of rows of channels, to be gone through in blocks of {@link #BLOCK}. */
  static Partition ofRows(int rows) {
    return of(rows, 4 * BLOCK, 1);
  }

  /** The first unit of a group; that of group {@link #groups} is the number of units. */
  int first(int group) {
    return (int) ((long) group * units / groups);
  }

  /** Work on the units {@code from..to-1} of a group. */
  @FunctionalInterface
  interface Block {
    void run(int group, int from, int to);
  }

  /** Goes through all groups, each from front to back in blocks of at most so many units. */
  void run(Workers workers, int block, Block work) {
    workers.run(groups, (group, _) -> {
      int end = first(group + 1);
      for (int from = first(group); from < end; from += block) {
        work.run(group, from, Math.min(end, from + block));
      }
    });
  }
}
