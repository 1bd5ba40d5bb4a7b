package dev.lentil.backend.cuda;

/**
 * How images are cut for the depthwise kernels, {@code struct Tiles} of depthwise.cuh: tiles of {@link #STRIP} pixels side by
 * side and some lines, and groups of tiles. It depends on the shapes alone.
 *
 * @param height lines of a tile; 0 if tiles are single pixels, for the kernels of any window
 * @param across tiles side by side in an image
 * @param down tiles above each other in an image
 * @param groups over the tiles of all images
 * @param count tiles of all images
 */
record Tiles(int height, int across, int down, Groups groups, int count) {
  private static final int STRIP = 4;

  /**
   * The line above a tile and the one below are read for it too, so tiles are high; but then there are fewer threads, and a card
   * wants this many of them.
   */
  private static final int THREADS = 1 << 17;
  private static final int MOST_LINES = 28;
  private static final int LEAST_LINES = 4;

  /** Of images of lines and columns, for blocks over their channels. */
  static Tiles of(int images, int lines, int columns, Columns blocks) {
    int across = Math.ceilDiv(columns, STRIP);
    long threads = (long) images * across * blocks.blocks() * blocks.threads();
    int wanted = Math.toIntExact(Math.clamp(Math.ceilDiv(THREADS, threads), Math.ceilDiv(lines, MOST_LINES),
        Math.ceilDiv(lines, LEAST_LINES)));
    int height = Math.ceilDiv(lines, wanted);
    int down = Math.ceilDiv(lines, height);
    int count = images * across * down;
    return new Tiles(height, across, down, Groups.of(count, blocks.lanes()), count);
  }

  /** Single pixels. */
  static Tiles pixels(int pixels, Columns blocks) {
    return new Tiles(0, 0, 0, Groups.of(pixels, blocks.lanes()), pixels);
  }

  int[] structure() {
    return new int[] {height, across, down, count, groups.rows()};
  }
}
