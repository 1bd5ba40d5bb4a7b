package dev.lentil.bench;

import java.util.Arrays;
import java.util.List;

/** The value in the middle; of an even number of values the mean of the two. */
public final class Median {
  private Median() {}

  /** @throws IllegalArgumentException if there are no values */
  public static double of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values have no median");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Of each part, over rounds that measured all parts. */
  public static double[] ofEach(List<double[]> rounds) {
    double[] medians = new double[rounds.getFirst().length];
    for (int i = 0; i < medians.length; i++) {
      int part = i;
      medians[i] = of(rounds.stream().mapToDouble(round -> round[part]).toArray());
    }
    return medians;
  }
}
