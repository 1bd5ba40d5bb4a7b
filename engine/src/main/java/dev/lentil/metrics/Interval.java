package dev.lentil.metrics;

/**
 * A value with its uncertainty.
 *
 * @param estimate on the data as they are
 * @param lower bound
 * @param upper bound
 * @param level the interval's coverage, such as 0.95
 * @param method how the bounds were found, for the reader
 */
public record Interval(double estimate, double lower, double upper, double level, String method) {
  /** Whether a value is inside, bounds included. */
  public boolean contains(double value) {
    return lower <= value && value <= upper;
  }

  static void requireLevel(double level) {
    // also true of NaN
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("the level of an interval is between 0 and 1, not " + level);
    }
  }
}
