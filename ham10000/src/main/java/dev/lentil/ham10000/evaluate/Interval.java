package dev.lentil.ham10000.evaluate;

/**
 * A value with its uncertainty.
 *
 * @param estimate on the data as they are
 * @param lower bound
 * @param upper bound
 * @param level the interval's coverage, such as 0.95
 * @param resamples how many bootstrap resamples it rests on
 */
public record Interval(double estimate, double lower, double upper, double level, int resamples) {}
