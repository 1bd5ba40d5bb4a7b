package dev.lentil.metrics;

import java.util.Comparator;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Ranks from 1; tied values share the mean of their ranks. */
final class MidRanks {
  private MidRanks() {}

  /** The rank of each value among those that {@code member} accepts by their index; 0 for the others. */
  static double[] of(double[] values, IntPredicate member) {
    var clean = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      clean[i] = Labels.requireNumber(values[i], i);
    }
    int[] order = IntStream.range(0, values.length).filter(member).boxed()
        .sorted(Comparator.comparingDouble(i -> clean[i])).mapToInt(i -> i).toArray();
    var ranks = new double[values.length];
    int start = 0;
    while (start < order.length) {
      int end = start;
      while (end < order.length && clean[order[end]] == clean[order[start]]) {
        end++;
      }
      for (int k = start; k < end; k++) {
        // ranks start+1 .. end
        ranks[order[k]] = (start + 1 + end) / 2.0;
      }
      start = end;
    }
    return ranks;
  }
}
