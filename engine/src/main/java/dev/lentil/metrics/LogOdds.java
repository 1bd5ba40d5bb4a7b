package dev.lentil.metrics;

import java.util.function.DoubleUnaryOperator;

/** ln(p / (1 - p)) and back. */
final class LogOdds {
  /** The nearest to 0 and to 1 that float32's sigmoid can come without reaching it. */
  private static final double EDGE = 0x1p-24;

  private LogOdds() {}

  /** Log odds of a probability, which is kept 2^-24 away from 0 and 1. */
  static double of(double p) {
    double inside = Math.clamp(p, EDGE, 1 - EDGE);
    return Math.log(inside / (1 - inside));
  }

  static double[] of(double[] probabilities) {
    var logOdds = new double[probabilities.length];
    for (int i = 0; i < logOdds.length; i++) {
      // also true of NaN
      if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) {
        throw new IllegalArgumentException(
            "The probability of sample " + i + " is " + probabilities[i] + ", not between 0 and 1");
      }
      logOdds[i] = of(probabilities[i]);
    }
    return logOdds;
  }

  /** The probability of log odds. */
  static double probability(double logOdds) {
    return 1 / (1 + Math.exp(-logOdds));
  }

  /** The root of an increasing function of one variable between two bounds; a bound where it has none. */
  static double root(DoubleUnaryOperator increasing, double low, double high) {
    while (true) {
      double middle = (low + high) / 2;
      if (middle <= low || middle >= high) {
        return middle;
      }
      if (increasing.applyAsDouble(middle) < 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
  }
}
