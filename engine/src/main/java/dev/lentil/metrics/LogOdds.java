package dev.lentil.metrics;

/** ln(p / (1 - p)) and back. */
public final class LogOdds {
  /** The nearest to 0 and to 1 that float32's sigmoid can come without reaching it. */
  private static final double EDGE = 0x1p-24;

  private LogOdds() {}

  /** Log odds of a probability, which is kept 2^-24 away from 0 and 1. */
  public static double of(double p) {
    double inside = Math.clamp(p, EDGE, 1 - EDGE);
    return Math.log(inside / (1 - inside));
  }

  static double[] of(double[] probabilities) {
    var logOdds = new double[probabilities.length];
    for (int i = 0; i < logOdds.length; i++) {
      // also true of NaN
      if (!(probabilities[i] >= 0 && probabilities[i] <= 1)) {
        throw new IllegalArgumentException(
            "the probability of sample " + i + " is " + probabilities[i] + ", not between 0 and 1");
      }
      logOdds[i] = of(probabilities[i]);
    }
    return logOdds;
  }

  /** The probability of log odds. */
  static double probability(double logOdds) {
    return 1 / (1 + Math.exp(-logOdds));
  }
}
