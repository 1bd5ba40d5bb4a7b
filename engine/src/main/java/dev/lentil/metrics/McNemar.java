package dev.lentil.metrics;

import java.math.BigInteger;

/**
 * Whether two classifiers are right equally often on the same samples, judged by those where one is right and the other
 * wrong. McNemar, Psychometrika 12:153, 1947; continuity correction by Edwards, Psychometrika 13:185, 1948.
 *
 * @param onlyFirst samples that only the first has right
 * @param onlySecond samples that only the second has right
 */
public record McNemar(long onlyFirst, long onlySecond) {
  public McNemar {
    if (onlyFirst < 0 || onlySecond < 0) {
      throw new IllegalArgumentException("counts must not be negative: " + onlyFirst + ", " + onlySecond);
    }
  }

  /** Counts where two arrays of answers differ in being right. */
  public static McNemar of(int[] labels, int[] first, int[] second) {
    if (labels.length != first.length || labels.length != second.length) {
      throw new IllegalArgumentException(
          labels.length + " labels but " + first.length + " and " + second.length + " answers");
    }
    long onlyFirst = 0;
    long onlySecond = 0;
    for (int i = 0; i < labels.length; i++) {
      boolean a = first[i] == labels[i];
      boolean b = second[i] == labels[i];
      onlyFirst += a && !b ? 1 : 0;
      onlySecond += b && !a ? 1 : 0;
    }
    return new McNemar(onlyFirst, onlySecond);
  }

  /** Exact two-sided p-value: twice the binomial tail P(X &lt;= the smaller count; n, 1/2), at most 1. */
  public double exactP() {
    int n = Math.toIntExact(onlyFirst + onlySecond);
    long most = Math.min(onlyFirst, onlySecond);
    // binomial coefficients as integers: no rounding before the last division
    BigInteger coefficient = BigInteger.ONE;
    BigInteger tail = BigInteger.ONE;
    for (int k = 1; k <= most; k++) {
      coefficient = coefficient.multiply(BigInteger.valueOf(n - k + 1L)).divide(BigInteger.valueOf(k));
      tail = tail.add(coefficient);
    }
    int shift = Math.max(0, tail.bitLength() - Long.SIZE);
    return Math.min(1, Math.scalb(tail.shiftRight(shift).doubleValue(), shift - n + 1));
  }

  /** Chi-squared with one degree of freedom: max(|b - c| - 1, 0)^2 / (b + c); 0 where the two never differ. */
  public double correctedStatistic() {
    long n = onlyFirst + onlySecond;
    double excess = Math.max(0, Math.abs(onlyFirst - onlySecond) - 1);
    return n == 0 ? 0 : excess * excess / n;
  }

  /** The p-value of {@link #correctedStatistic()}; an approximation for counts above about 25. */
  public double correctedP() {
    return Normal.twoSided(Math.sqrt(correctedStatistic()));
  }
}
