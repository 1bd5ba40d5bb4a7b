package dev.lentil.metrics;

/** Quantiles by linear interpolation between order statistics, numpy's default (Hyndman and Fan's type 7). */
public final class Quantile {
  private Quantile() {}

  /**
   * One quantile.
   *
   * @param sorted ascending, not empty
   * @param q 0 to 1
   */
  public static double of(double[] sorted, double q) {
    if (sorted.length == 0) {
      throw new IllegalArgumentException("there is no quantile of no values");
    }
    double position = q * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
