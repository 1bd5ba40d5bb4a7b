package dev.lentil.bench.machine;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The most float32 multiply-adds a second that vector instructions reach here: a loop of independent ones that touches no
 * memory. Enough of them are in flight to hide their latency, and few enough to stay in registers.
 */
public final class FmaPeak {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int CHAINS = 12;
  private static final int LOOPS = 1_000_000;
  private static final int ROUNDS = 12;

  /** Keeps the sums, so that the loop is not removed. */
  private static volatile float sink;

  private FmaPeak() {}

  /**
   * Measures; it takes about a quarter of a second.
   *
   * @param threads that run at once
   * @return floating-point operations a second of all of them together, in units of 10^9; two for each multiply-add
   */
  public static double gigaflops(int threads) {
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long nanos = Together.nanos(threads, _ -> sink = multiplyAdds(LOOPS, 0.5f, 1.5f));
      double operations = 2.0 * CHAINS * SPECIES.length() * LOOPS * threads;
      // the first rounds run before the loop is compiled
      best = Math.max(best, operations / nanos);
    }
    return best;
  }

  /** The sum of the first elements of all chains after so many steps {@code v = v factor + addend}. */
  static float multiplyAdds(int loops, float factor, float addend) {
    // with a factor below 1 the values stay near addend / (1 - factor); overflow or denormal numbers may be slow
    FloatVector f = FloatVector.broadcast(SPECIES, factor);
    FloatVector a = FloatVector.broadcast(SPECIES, addend);
    // chains that began alike could be merged
    FloatVector v0 = FloatVector.broadcast(SPECIES, 0);
    FloatVector v1 = FloatVector.broadcast(SPECIES, 1);
    FloatVector v2 = FloatVector.broadcast(SPECIES, 2);
    FloatVector v3 = FloatVector.broadcast(SPECIES, 3);
    FloatVector v4 = FloatVector.broadcast(SPECIES, 4);
    FloatVector v5 = FloatVector.broadcast(SPECIES, 5);
    FloatVector v6 = FloatVector.broadcast(SPECIES, 6);
    FloatVector v7 = FloatVector.broadcast(SPECIES, 7);
    FloatVector v8 = FloatVector.broadcast(SPECIES, 8);
    FloatVector v9 = FloatVector.broadcast(SPECIES, 9);
    FloatVector v10 = FloatVector.broadcast(SPECIES, 10);
    FloatVector v11 = FloatVector.broadcast(SPECIES, 11);
    for (int i = 0; i < loops; i++) {
      v0 = v0.fma(f, a);
      v1 = v1.fma(f, a);
      v2 = v2.fma(f, a);
      v3 = v3.fma(f, a);
      v4 = v4.fma(f, a);
      v5 = v5.fma(f, a);
      v6 = v6.fma(f, a);
      v7 = v7.fma(f, a);
      v8 = v8.fma(f, a);
      v9 = v9.fma(f, a);
      v10 = v10.fma(f, a);
      v11 = v11.fma(f, a);
    }
    FloatVector sum = v0.add(v1).add(v2).add(v3).add(v4).add(v5).add(v6).add(v7).add(v8).add(v9).add(v10).add(v11);
    return sum.lane(0);
  }
}
