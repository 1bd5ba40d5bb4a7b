package dev.lentil.ham10000.data;

/**
 * The Mersenne Twister as numpy's legacy {@code RandomState(seed)} uses it: the same integers, intervals and permutations, so that a split
 * made by scikit-learn can be made again. For anything new use {@link dev.lentil.random.Philox}.
 *
 * <p>Source: Matsumoto and Nishimura, ACM TOMACS 8(1), 1998, {@code init_genrand} and {@code genrand_int32}; numpy's {@code
 * random_interval} and {@code RandomState.shuffle}.
 */
final class Mt19937 {
  private static final int N = 624;
  private static final int M = 397;

  private final int[] state = new int[N];
  private int position = N;

  /** @param seed 0 to 2^32-1 */
  Mt19937(long seed) {
    if (seed < 0 || seed > 0xFFFFFFFFL) {
      throw new IllegalArgumentException("seed " + seed + " is not in 0..4294967295");
    }
    state[0] = (int) seed;
    for (int i = 1; i < N; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
    }
  }

  int nextInt() {
    if (position == N) {
      for (int i = 0; i < N; i++) {
        int y = state[i] & 0x80000000 | state[(i + 1) % N] & 0x7FFFFFFF;
        state[i] = state[(i + M) % N] ^ y >>> 1 ^ ((y & 1) == 0 ? 0 : 0x9908B0DF);
      }
      position = 0;
    }
    int y = state[position++];
    y ^= y >>> 11;
    y ^= y << 7 & 0x9D2C5680;
    y ^= y << 15 & 0xEFC60000;
    return y ^ y >>> 18;
  }

  /** Uniform in 0..max: the lowest bits that can hold max, rejected above it. Draws nothing for max = 0. */
  int interval(int max) {
    if (max == 0) {
      return 0;
    }
    int mask = -1 >>> Integer.numberOfLeadingZeros(max);
    int value;
    do {
      value = nextInt() & mask;
    } while (value > max);
    return value;
  }

  void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = interval(i);
      int held = values[i];
      values[i] = values[j];
      values[j] = held;
    }
  }

  int[] permutation(int n) {
    var order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    shuffle(order);
    return order;
  }
}
