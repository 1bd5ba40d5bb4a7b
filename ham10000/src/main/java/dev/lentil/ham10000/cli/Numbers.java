package dev.lentil.ham10000.cli;

import java.util.Optional;

/** Numbers for JSON, which has no infinity. */
final class Numbers {
  private Numbers() {}

  /** The number, or nothing (null in JSON) if it is infinite or not a number. */
  static Optional<Double> finite(double number) {
    return Double.isFinite(number) ? Optional.of(number) : Optional.empty();
  }
}
