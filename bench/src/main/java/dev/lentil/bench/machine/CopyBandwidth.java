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
  private static final int ROUNDS = 8;

  private CopyBandwidth() {}

  /** Gigabytes (10^9) a second between arrays that stay in cache, of all threads together. */
  public static double inCache(int threads) {
    return measure(threads, CACHE_BYTES, 400);
  }

  /** Gigabytes (10^9) a second between arrays of 128 MiB a thread, of all threads together. */
  public static double inMemory(int threads) {
    return measure(threads, MEMORY_BYTES, 1);
  }

  private static double measure(int threads, int bytesOfBoth, int repeats) {
    int elements = bytesOfBoth / 2 / Float.BYTES;
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
      best = Math.max(best, (double) bytesOfBoth * repeats * threads / nanos);
    }
    return best;
  }
}
