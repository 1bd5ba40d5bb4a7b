package dev.lentil.ham10000.evaluate;

import dev.lentil.metrics.RocAuc;
import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.stream.IntStream;

/**
 * Percentile bootstrap clustered by lesion: lesions, not images, are drawn with replacement, each with all its images,
 * since images of one lesion are not independent. The same seed gives the same interval, in any number of threads.
 *
 * @param resamples number of resamples
 * @param seed of Philox; resample r is epoch r of the {@link RandomUse#BOOTSTRAP} stream
 * @param level coverage of the interval
 */
public record LesionBootstrap(int resamples, long seed, double level) {
  /** 2,000 resamples, seed 42, 95%. */
  public static final LesionBootstrap DEFAULT = new LesionBootstrap(2000, 42, 0.95);

  public LesionBootstrap {
    if (resamples < 1 || !(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "A bootstrap needs at least one resample and a level between 0 and 1, not " + resamples + " and " + level);
    }
  }

  /**
   * The AUC of malignancy with its interval. A resample without one of the two classes has no AUC and is left out.
   *
   * @throws IllegalArgumentException if the data themselves lack a class
   */
  public Interval auc(Predictions predictions) {
    var labels = predictions.labels();
    var scores = predictions.probabilities();
    double estimate = RocAuc.of(labels, scores);
    if (Double.isNaN(estimate)) {
      throw new IllegalArgumentException("AUC needs both benign and malignant images; all " + labels.length
          + " predictions are of one class");
    }
    var groups = imagesByLesion(predictions);
    var areas = IntStream.range(0, resamples)
        .parallel()
        .mapToDouble(r -> resampled(r, groups, labels, scores))
        .filter(area -> !Double.isNaN(area))
        .sorted()
        .toArray();
    double tail = (1 - level) / 2;
    return new Interval(estimate, quantile(areas, tail), quantile(areas, 1 - tail), level, areas.length);
  }

  private double resampled(int resample, int[][] groups, int[] labels, double[] scores) {
    var random = Philox.at(seed, 0, resample, RandomUse.BOOTSTRAP.operation());
    var drawn = IntStream.range(0, groups.length)
        .flatMap(i -> Arrays.stream(groups[random.below(groups.length, i, 0)]))
        .toArray();
    var drawnLabels = Arrays.stream(drawn).map(i -> labels[i]).toArray();
    var drawnScores = Arrays.stream(drawn).mapToDouble(i -> scores[i]).toArray();
    return RocAuc.of(drawnLabels, drawnScores);
  }

  private static int[][] imagesByLesion(Predictions predictions) {
    var rows = predictions.rows();
    var groups = new LinkedHashMap<String, IntStream.Builder>();
    for (int i = 0; i < rows.size(); i++) {
      groups.computeIfAbsent(rows.get(i).lesionId(), lesion -> IntStream.builder()).add(i);
    }
    return groups.values().stream().map(group -> group.build().toArray()).toArray(int[][]::new);
  }

  /** Linear interpolation between order statistics, numpy's default. */
  static double quantile(double[] sorted, double q) {
    if (sorted.length == 0) {
      throw new IllegalArgumentException("No resample held both classes: there are too few lesions for an interval");
    }
    double position = q * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
