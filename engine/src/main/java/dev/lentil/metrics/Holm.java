package dev.lentil.metrics;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * p-values of several tests, adjusted so that the chance of even one false alarm stays below the level. Holm, Scandinavian
 * Journal of Statistics 6:65, 1979: the smallest of n is multiplied by n, the next by n - 1 ..; none is below the one
 * before, none above 1.
 */
public final class Holm {
  private Holm() {}

  /** The adjusted p-values, in the order of the given ones. */
  public static double[] adjust(double... p) {
    int[] order = IntStream.range(0, p.length).boxed().sorted(Comparator.comparingDouble(i -> p[i]))
        .mapToInt(i -> i).toArray();
    var adjusted = new double[p.length];
    double least = 0;
    for (int rank = 0; rank < order.length; rank++) {
      least = Math.max(least, Math.min(1, (p.length - rank) * p[order[rank]]));
      adjusted[order[rank]] = least;
    }
    return adjusted;
  }
}
