package dev.lentil.random;

/**
 * Philox4x32-10, a counter-based random generator: every number is a pure function of where it is used, so results depend neither on
 * threads nor on order, and a kernel on another device computes the same numbers without any state.
 *
 * <p>Source: Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011, section 3.3.
 *
 * <p>The generator maps a 128-bit counter and a 64-bit key to four 32-bit words. Lentil lays them out as follows; an implementation that
 * keeps to this table produces the same streams:
 *
 * <table>
 *   <caption>Key and counter words</caption>
 *   <tr><td>key 0, key 1</td><td>low and high 32 bits of the seed</td></tr>
 *   <tr><td>counter 0</td><td>low 32 bits of the index (a sample or an element)</td></tr>
 *   <tr><td>counter 1</td><td>bits 0-15: bits 32-47 of the index; bits 16-31: block = lane / 4</td></tr>
 *   <tr><td>counter 2</td><td>epoch</td></tr>
 *   <tr><td>counter 3</td><td>bits 0-23: operation; bits 24-31: stage</td></tr>
 * </table>
 *
 * <p>{@code word(index, lane)} is word {@code lane % 4} of that block. Instances are immutable and safe for any number of threads.
 */
public final class Philox {
  /** Indices are below this, 2^48. */
  public static final long MAX_INDEX = 1L << 48;

  /** Lanes, the numbers drawn for one index, are below this, 2^18. */
  public static final int MAX_LANE = 1 << 18;

  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final long LOW = 0xFFFFFFFFL;

  private final int key0;
  private final int key1;
  private final int epoch;
  private final int stageAndOperation;

  private Philox(int key0, int key1, int epoch, int stageAndOperation) {
    this.key0 = key0;
    this.key1 = key1;
    this.epoch = epoch;
    this.stageAndOperation = stageAndOperation;
  }

  /**
   * The stream of one use of randomness.
   *
   * @param stage of training, 0 to 255
   * @param epoch any; epochs of one stage differ in it
   * @param operation what the numbers are for, 0 to 2^24-1; see {@link RandomUse}
   */
  public static Philox at(long seed, int stage, int epoch, int operation) {
    if (stage < 0 || stage > 0xFF) {
      throw new IllegalArgumentException("stage " + stage + " is not in 0..255");
    }
    if (operation < 0 || operation > 0xFFFFFF) {
      throw new IllegalArgumentException("operation " + operation + " is not in 0..16777215");
    }
    return new Philox((int) seed, (int) (seed >>> 32), epoch, stage << 24 | operation);
  }

  /** 32 random bits: number {@code lane} of those that belong to {@code index}. */
  public int word(long index, int lane) {
    check(index, lane);
    return word(low(index), high(index, lane), epoch, stageAndOperation, key0, key1, lane & 3);
  }

  /** Uniform in [0, 1), a multiple of 2^-24: the upper 24 bits of the word. */
  public float uniform(long index, int lane) {
    return toUniform(word(index, lane));
  }

  /** Uniform in [0, 1), a multiple of 2^-53, from words {@code lane} (upper 27 bits) and {@code lane + 1} (upper 26 bits). */
  public double uniformDouble(long index, int lane) {
    long upper = word(index, lane) >>> 5;
    long lower = word(index, lane + 1) >>> 6;
    return (upper << 26 | lower) * 0x1p-53;
  }

  /**
   * Uniform in 0..bound-1 without bias (Lemire 2019: the upper half of word * bound; words that would favour some results are rejected
   * and the next lane is taken, so it may use several lanes, in the mean hardly more than one).
   */
  public int below(int bound, long index, int lane) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound " + bound + " is not positive");
    }
    long product = (word(index, lane) & LOW) * bound;
    if ((product & LOW) < bound) {
      long threshold = (1L << 32) % bound;
      while ((product & LOW) < threshold) {
        product = (word(index, ++lane) & LOW) * bound;
      }
    }
    return (int) (product >>> 32);
  }

  /** A uniform permutation of 0..n-1 (Fisher and Yates, downwards; position i is swapped with {@code below(i + 1, i, 0)}). */
  public int[] permutation(int n) {
    var order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = below(i + 1, i, 0);
      int held = order[i];
      order[i] = order[j];
      order[j] = held;
    }
    return order;
  }

  /**
   * Uniform numbers in [0, 1) for the consecutive elements {@code first .. first + count - 1}, four to a block: element e is {@code
   * uniform(e / 4, e % 4)}. This is the dense form for element-wise use such as dropout; it costs a quarter of asking one at a time.
   */
  public void fillUniform(long first, float[] out, int offset, int count) {
    if (first < 0 || first > MAX_INDEX - count) {
      throw new IllegalArgumentException(count + " elements from " + first + " on are not all below 2^48");
    }
    int i = 0;
    for (; i < count && (first + i & 3) != 0; i++) {
      out[offset + i] = uniform(first + i >>> 2, (int) (first + i & 3));
    }
    var words = new int[4];
    for (; i + 4 <= count; i += 4) {
      long index = first + i >>> 2;
      block(low(index), high(index, 0), epoch, stageAndOperation, key0, key1, words);
      out[offset + i] = toUniform(words[0]);
      out[offset + i + 1] = toUniform(words[1]);
      out[offset + i + 2] = toUniform(words[2]);
      out[offset + i + 3] = toUniform(words[3]);
    }
    for (; i < count; i++) {
      out[offset + i] = uniform(first + i >>> 2, (int) (first + i & 3));
    }
  }

  /** The plain generator: ten rounds over counter words c0..c3 under key words k0, k1, into {@code out[0..3]}. */
  public static void block(int c0, int c1, int c2, int c3, int k0, int k1, int[] out) {
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = MULTIPLIER_0 * (c0 & LOW);
      long product1 = MULTIPLIER_1 * (c2 & LOW);
      c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
      c3 = (int) product0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  }

  // The array is an escape-analysed local: no allocation once compiled.
  private static int word(int c0, int c1, int c2, int c3, int k0, int k1, int which) {
    var words = new int[4];
    block(c0, c1, c2, c3, k0, k1, words);
    return words[which];
  }

  private static float toUniform(int word) {
    return (word >>> 8) * 0x1p-24f;
  }

  private static int low(long index) {
    return (int) index;
  }

  private static int high(long index, int lane) {
    return (int) (index >>> 32) | lane >>> 2 << 16;
  }

  private static void check(long index, int lane) {
    if (index < 0 || index >= MAX_INDEX) {
      throw new IllegalArgumentException("index " + index + " is not in 0..2^48-1");
    }
    if (lane < 0 || lane >= MAX_LANE) {
      throw new IllegalArgumentException("lane " + lane + " is not in 0..2^18-1");
    }
  }
}
