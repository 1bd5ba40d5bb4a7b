package dev.lentil.ham10000.train;

import java.util.List;
import java.util.Locale;

/**
 * The mean of several values and their sample standard deviation.
 *
 * @param deviation with n - 1 in the denominator; NaN of a single value
 */
public record Spread(double mean, double deviation) {
  /** @param values at least one */
  public static Spread of(List<Double> values) {
    double mean = values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    return new Spread(mean, values.size() < 2 ? Double.NaN : Math.sqrt(squares / (values.size() - 1)));
  }

  /** As {@code 0.9123 ± 0.0045}, or the mean alone. */
  public String text() {
    return Double.isNaN(deviation)
        ? String.format(Locale.ROOT, "%.4f", mean)
        : String.format(Locale.ROOT, "%.4f ± %.4f", mean, deviation);
  }
}
