package dev.lentil.metrics;

import java.util.Arrays;
import java.util.HashMap;

/**
 * Variances and covariances of the areas under the ROC curves of one or more models on the same samples, without any
 * assumption on the scores' distribution.
 *
 * <p>A positive's placement is the fraction of the negatives below it, a negative's the fraction of the positives above
 * it, ties counting half; an area is the mean of either. Its variance is that of the mean of both kinds: DeLong, DeLong
 * and Clarke-Pearson, Biometrics 44:837, 1988. Placements come from mid-ranks in O(n log n): Sun and Xu, IEEE Signal
 * Processing Letters 21:1389, 2014. Where samples come in clusters (images of one lesion), deviations are summed over each
 * cluster first: Obuchowski, Biometrics 53:567, 1997; with clusters of one sample each this is DeLong's estimate.
 */
public final class DeLong {
  private final double[] areas;
  private final double[][] covariance;
  private final String method;

  private DeLong(double[] areas, double[][] covariance, String method) {
    this.areas = areas;
    this.covariance = covariance;
    this.method = method;
  }

  /**
   * The test of whether two areas differ.
   *
   * @param difference first area minus second
   * @param standardError of the difference; the models' correlation is in it
   * @param z difference / standard error
   * @param p two-sided; 1 where the two models rank alike, NaN where no variance can be seen
   */
  public record Difference(double difference, double standardError, double z, double p) {}

  /**
   * Independent samples.
   *
   * @param labels 0 and 1
   * @param scores one array per model, each as long as {@code labels}
   * @throws IllegalArgumentException if one of the classes has no sample; with a single one of a class variances are NaN
   */
  public static DeLong of(int[] labels, double[]... scores) {
    var each = new int[labels.length];
    Arrays.setAll(each, i -> i);
    return estimate(labels, each, "DeLong", scores);
  }

  /**
   * Samples in clusters, which are independent of each other.
   *
   * @param clusters the cluster of each sample; any numbers
   * @throws IllegalArgumentException if one of the classes has no sample; in a single cluster of a class variances are NaN
   */
  public static DeLong clustered(int[] labels, int[] clusters, double[]... scores) {
    return estimate(labels, clusters, "DeLong, clustered (Obuchowski)", scores);
  }

  private static DeLong estimate(int[] labels, int[] clusters, String method, double[][] scores) {
    if (labels.length != clusters.length) {
      throw new IllegalArgumentException(labels.length + " labels but " + clusters.length + " clusters");
    }
    int[] dense = dense(clusters);
    int[] counts = new int[2];
    for (int i = 0; i < labels.length; i++) {
      counts[Labels.requireClass(labels[i], 2, i)]++;
    }
    int[] clusterCounts = {clustersOf(0, labels, dense), clustersOf(1, labels, dense)};
    int models = scores.length;
    var areas = new double[models];
    // per model, class and cluster: the sum of (placement - area) over the samples, divided by the class's samples
    var deviations = new double[models][2][labels.length];
    for (int m = 0; m < models; m++) {
      Labels.requireBothClasses(labels, scores[m], "the variance of an AUC");
      double[] placements = placements(labels, scores[m], counts);
      areas[m] = RocAuc.of(labels, scores[m]);
      for (int i = 0; i < labels.length; i++) {
        deviations[m][labels[i]][dense[i]] += (placements[i] - areas[m]) / counts[labels[i]];
      }
    }
    int all = Arrays.stream(dense).max().orElse(0) + 1;
    var covariance = new double[models][models];
    for (int a = 0; a < models; a++) {
      for (int b = 0; b < models; b++) {
        covariance[a][b] = unbiased(clusterCounts[1]) * dot(deviations[a][1], deviations[b][1])
            + unbiased(clusterCounts[0]) * dot(deviations[a][0], deviations[b][0])
            + unbiased(all) * (dot(deviations[a][1], deviations[b][0]) + dot(deviations[a][0], deviations[b][1]));
      }
    }
    return new DeLong(areas, covariance, method);
  }

  private static int[] dense(int[] clusters) {
    var numbers = new HashMap<Integer, Integer>();
    return Arrays.stream(clusters).map(c -> numbers.computeIfAbsent(c, _ -> numbers.size())).toArray();
  }

  private static int clustersOf(int label, int[] labels, int[] clusters) {
    var seen = new boolean[labels.length];
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] == label && !seen[clusters[i]]) {
        seen[clusters[i]] = true;
        count++;
      }
    }
    return count;
  }

  /** Of each positive the fraction of negatives below, of each negative the fraction of positives above. */
  private static double[] placements(int[] labels, double[] scores, int[] counts) {
    var everybody = MidRanks.of(scores, _ -> true);
    var positives = MidRanks.of(scores, i -> labels[i] == 1);
    var negatives = MidRanks.of(scores, i -> labels[i] == 0);
    var placements = new double[labels.length];
    for (int i = 0; i < labels.length; i++) {
      placements[i] = labels[i] == 1
          ? (everybody[i] - positives[i]) / counts[0]
          : 1 - (everybody[i] - negatives[i]) / counts[1];
    }
    return placements;
  }

  /** Infinite for a single cluster: its deviation is 0 and says nothing, and their product is NaN. */
  private static double unbiased(int clusters) {
    return clusters / (clusters - 1.0);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** The area of a model, as {@link RocAuc}. */
  public double area(int model) {
    return areas[model];
  }

  /** Covariance of the areas of two models; of one with itself its variance. */
  public double covariance(int a, int b) {
    return covariance[a][b];
  }

  /** Normal interval of a model's area, cut at 0 and 1. Of a perfect model it is a point, which says too much. */
  public Interval interval(int model, double level) {
    double reach = Normal.criticalValue(level) * Math.sqrt(covariance[model][model]);
    return new Interval(areas[model], Math.max(0, areas[model] - reach), Math.min(1, areas[model] + reach), level,
        method);
  }

  /** Tests whether the areas of two models differ. */
  public Difference difference(int a, int b) {
    double difference = areas[a] - areas[b];
    double variance = covariance[a][a] + covariance[b][b] - 2 * covariance[a][b];
    // rounding may leave less than nothing where two models give the same ranks
    double error = Math.sqrt(Math.max(0, variance));
    double z = difference == 0 && error == 0 ? 0 : difference / error;
    return new Difference(difference, error, z, Normal.twoSided(z));
  }
}
