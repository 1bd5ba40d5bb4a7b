package dev.lentil.metrics;

import java.util.function.DoubleUnaryOperator;

/** Finds where a function of one variable is 0, to the last digit. */
final class Bisection {
  private Bisection() {}

  /** The root of an increasing function between two bounds; a bound where it has none. */
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
