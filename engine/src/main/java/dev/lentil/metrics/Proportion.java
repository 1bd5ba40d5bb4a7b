package dev.lentil.metrics;

import java.util.HashMap;

/**
 * Wilson's score interval of a proportion (Journal of the American Statistical Association 22:209, 1927), which stays
 * inside 0..1 and has a width at 0 and at 1 too.
 */
public final class Proportion {
  private Proportion() {}

  /**
   * Independent samples.
   *
   * @param samples above 0; may be a fraction, for an effective number
   */
  public static Interval wilson(double successes, double samples, double level) {
    return wilson(successes, samples, level, "Wilson");
  }

  private static Interval wilson(double successes, double samples, double level, String method) {
    // also true of NaN
    if (!(samples > 0 && successes >= 0 && successes <= samples)) {
      throw new IllegalArgumentException(
          "a proportion of " + successes + " of " + samples + " samples has no interval");
    }
    double p = successes / samples;
    double z = Normal.criticalValue(level);
    double square = z * z / samples;
    double centre = (p + square / 2) / (1 + square);
    double reach = z / (1 + square) * Math.sqrt(p * (1 - p) / samples + square / samples / 4);
    // at 0 and 1 a bound is that very number, which rounding may miss
    return new Interval(p, p == 0 ? 0 : centre - reach, p == 1 ? 1 : centre + reach, level, method);
  }

  /**
   * Samples in clusters, such as images of lesions: Wilson's interval for as many independent samples as they are worth.
   * The samples are divided by the design effect, the ratio of the variance between clusters to the binomial one, at least
   * 1 (Rao and Scott, Biometrics 48:577, 1992). Where all samples agree no variance can be seen and each cluster counts
   * once.
   *
   * @param successes whether each sample is a success
   * @param clusters the cluster of each sample; any numbers
   */
  public static Interval clustered(boolean[] successes, int[] clusters, double level) {
    if (successes.length != clusters.length) {
      throw new IllegalArgumentException(successes.length + " samples but " + clusters.length + " clusters");
    }
    int samples = successes.length;
    // successes and samples of each cluster
    var counts = new HashMap<Integer, int[]>();
    int total = 0;
    for (int i = 0; i < samples; i++) {
      int[] count = counts.computeIfAbsent(clusters[i], _ -> new int[2]);
      count[0] += successes[i] ? 1 : 0;
      count[1]++;
      total += successes[i] ? 1 : 0;
    }
    double p = (double) total / samples;
    int groups = counts.size();
    double worth = groups;
    if (total > 0 && total < samples && groups > 1) {
      double squares = counts.values().stream().mapToDouble(c -> Math.pow(c[0] - p * c[1], 2)).sum();
      double effect = groups / (groups - 1.0) * squares / samples / (p * (1 - p));
      worth = samples / Math.max(1, effect);
    }
    return wilson(p * worth, worth, level, "Wilson, clustered (Rao and Scott)");
  }
}
