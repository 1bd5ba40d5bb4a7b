package dev.lentil.ham10000.data;

import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Which training images an epoch shows, and in which order: a function of (seed, stage, epoch) alone. An epoch always has as
 * many draws as there are samples.
 */
public enum Sampling {
  /** Every sample once. */
  SHUFFLED {
    @Override
    long[] draws(List<Sample> samples, long seed, int stage, int epoch) {
      return Arrays.stream(permutation(samples.size(), seed, stage, epoch, 0)).asLongStream().toArray();
    }
  },
  /**
   * Every class as often, give or take one draw: a large class loses samples, another choice in each epoch, and the samples
   * of a small one come several times, each of them as often, give or take once, and augmented differently.
   */
  BALANCED {
    @Override
    long[] draws(List<Sample> samples, long seed, int stage, int epoch) {
      int n = samples.size();
      int[] classes = samples.stream().mapToInt(Sample::label).distinct().sorted().toArray();
      var chosen = new long[n];
      int filled = 0;
      for (int c = 0; c < classes.length; c++) {
        int label = classes[c];
        int[] members = IntStream.range(0, n).filter(i -> samples.get(i).label() == label).toArray();
        int wanted = n / classes.length + (c < n % classes.length ? 1 : 0);
        for (int time = 0; time * members.length < wanted; time++) {
          // a stream of its own for each class and time; stream 0 is the order of them all
          int[] order = permutation(members.length, seed, stage, epoch, 1 + c + classes.length * time);
          for (int i = 0; i < Math.min(members.length, wanted - time * members.length); i++) {
            chosen[filled++] = members[order[i]] + (long) n * time;
          }
        }
      }
      int[] order = permutation(n, seed, stage, epoch, 0);
      return Arrays.stream(order).mapToLong(i -> chosen[i]).toArray();
    }
  };

  /**
   * The draws of an epoch in their order. Each is a sample's position plus, for every time that the sample was drawn before
   * in the epoch, the number of samples: so {@code draw % samples} is the position, and no number comes twice.
   */
  abstract long[] draws(List<Sample> samples, long seed, int stage, int epoch);

  private static int[] permutation(int n, long seed, int stage, int epoch, int instance) {
    return Philox.at(seed, stage, epoch, RandomUse.SHUFFLE.operation(instance)).permutation(n);
  }

  /** As in a configuration: shuffled, balanced. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
