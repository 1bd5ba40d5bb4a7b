package dev.lentil.ham10000.cli;

import java.util.Locale;
import java.util.Optional;

/** Numbers for JSON, which has no infinity, and for people. */
final class Numbers {
  private Numbers() {}

  /** The number, or nothing (null in JSON) if it is infinite or not a number. */
  static Optional<Double> finite(double number) {
    return Double.isFinite(number) ? Optional.of(number) : Optional.empty();
  }

  /** A probability with four decimals, a small one with two digits that tell its size, such as 3.1e-06. */
  static String probability(double p) {
    return String.format(Locale.ROOT, p > 0 && p < 0.001 ? "%.1e" : "%.4f", p);
  }
}
