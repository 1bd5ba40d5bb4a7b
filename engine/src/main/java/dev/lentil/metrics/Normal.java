package dev.lentil.metrics;

/**
 * Tails of the standard normal distribution, to about 1e-13 relative. Abramowitz and Stegun 1964: the series 26.2.11 where
 * it does not cancel, beyond it the continued fraction 26.2.14.
 */
final class Normal {
  private static final double SERIES_BELOW = 3;
  /** Enough for 1e-13 where the fraction is used, above {@link #SERIES_BELOW}. */
  private static final int FRACTION_TERMS = 120;
  /** From here on the tail is 0 in float64. */
  private static final double FARTHEST = 40;

  private Normal() {}

  /** P(Z &gt; z). */
  static double upperTail(double z) {
    if (Double.isNaN(z)) {
      return z;
    }
    if (z < 0) {
      return 1 - upperTail(-z);
    }
    double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    if (z < SERIES_BELOW) {
      double term = z;
      double sum = z;
      for (int odd = 3; term > sum * 1e-17; odd += 2) {
        term *= z * z / odd;
        sum += term;
      }
      return 0.5 - density * sum;
    }
    double fraction = z;
    for (int k = FRACTION_TERMS; k >= 1; k--) {
      fraction = z + k / fraction;
    }
    return density / fraction;
  }

  /** P(|Z| &gt; |z|): the p-value of a two-sided test. */
  static double twoSided(double z) {
    return 2 * upperTail(Math.abs(z));
  }

  /** How many standard errors an interval of this level reaches to either side: 1.96 for 0.95. */
  static double criticalValue(double level) {
    Interval.requireLevel(level);
    double tail = (1 - level) / 2;
    return Bisection.root(z -> tail - upperTail(z), 0, FARTHEST);
  }
}
