package dev.lentil.backend.cpu.scalar;

/**
 * The inner loops of {@link ScalarKernels}: float64 sums side by side, one for each element of an array. They are as HotSpot wants
 * them that is to make vector instructions of them: each a method of its own with one short loop that reads floats and writes doubles, or
 * the other way round. (Of two arrays of one type it would have to know that they are not the same; JDK 25 does not ask.)
 */
final class Sums {
  private Sums() {}

  static void start(double[] sums, float[] from, int off) {
    for (int j = 0; j < sums.length; j++) {
      sums[j] = from[off + j];
    }
  }

  /** {@code sums[j] += a b[j]}. */
  static void add(double[] sums, double a, float[] b, int off) {
    for (int j = 0; j < sums.length; j++) {
      sums[j] += a * b[off + j];
    }
  }

  /** {@code sums[j] += a b[j] + c d[j]}: two at a time, so that a sum is loaded and stored half as often. */
  static void add(double[] sums, double a, float[] b, int bOff, double c, float[] d, int dOff) {
    for (int j = 0; j < sums.length; j++) {
      sums[j] += a * b[bOff + j] + c * d[dOff + j];
    }
  }

  /** {@code sums[j] += a[j] b[j]}. */
  static void addProducts(double[] sums, float[] a, int aOff, float[] b, int bOff) {
    for (int j = 0; j < sums.length; j++) {
      sums[j] += (double) a[aOff + j] * b[bOff + j];
    }
  }

  static void store(double[] sums, float[] to, int off) {
    for (int j = 0; j < sums.length; j++) {
      to[off + j] = (float) sums[j];
    }
  }

  /** {@code min(max(sum, 0), 6)}. */
  static void storeClipped(double[] sums, float[] to, int off) {
    for (int j = 0; j < sums.length; j++) {
      to[off + j] = (float) Math.min(Math.max(sums[j], 0), 6);
    }
  }
}
