package dev.lentil.backend.cuda.driver;

/** How many blocks of how many threads. */
public record Grid(int blocksX, int blocksY, int blocksZ, int threadsX, int threadsY) {
  private static final int THREADS = 256;

  /** Enough to go round an H200 several times; with more elements a thread takes several. */
  private static final int MOST_BLOCKS = 1 << 14;

  /** One thread for each element, up to a number of blocks from which on threads take several. */
  public static Grid elements(long count) {
    long blocks = Math.clamp((count + THREADS - 1) / THREADS, 1, MOST_BLOCKS);
    return new Grid((int) blocks, 1, 1, THREADS, 1);
  }

  /** {@code blocks} blocks in a row. */
  public static Grid blocks(int blocks, int threads) {
    return new Grid(blocks, 1, 1, threads, 1);
  }
}
