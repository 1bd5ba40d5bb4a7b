package dev.lentil.bench.machine;

import java.util.Arrays;

/**
 * How fast memory is copied, by plain array copies, counting the bytes read and the bytes written once each, as McCalpin's
 * STREAM counts them.
 */
public final class CopyBandwidth {
  /** Both arrays together stay in a second-level cache. */
  private static final int CACHE_BYTES = 512 << 10;
  /** Beyond the last-level cache of most machines; not of those whose cache is larger than this. */
  private static final int MEMORY_BYTES = 256 << 20;
  /** How much is copied in one go, however small the arrays. */
  private static final int BYTES_PER_ROUND = 64 << 20;
  private static final int ROUNDS = 8;

  private CopyBandwidth() {}

  /** Gigabytes (10^9) a second between arrays that stay in cache, of all threads together. */
  public static double inCache(int threads) {
    return between(threads, CACHE_BYTES);
  }

  /** Gigabytes (10^9) a second between arrays of 128 MiB a thread, of all threads together. */
  public static double inMemory(int threads) {
    return between(threads, MEMORY_BYTES);
  }

  /**
   * Gigabytes (10^9) a second, of all threads together.
   *
   * @param bytes of the array that is read and the array that is written together, for each thread
   */
  public static double between(int threads, int bytes) {
    int elements = Math.max(bytes / 2 / Float.BYTES, 1);
    int repeats = Math.max(BYTES_PER_ROUND / bytes, 1);
    float[][] from = new float[threads][elements];
    float[][] to = new float[threads][elements];
    for (float[] array : from) {
      Arrays.fill(array, 1);
    }
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long nanos = Together.nanos(threads, thread -> {
        for (int i = 0; i < repeats; i++) {
          System.arraycopy(from[thread], 0, to[thread], 0, elements);
        }
      });
      best = Math.max(best, 2.0 * Float.BYTES * elements * repeats * threads / nanos);
    }
    return best;
  }
}
