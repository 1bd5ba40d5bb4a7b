package dev.lentil.ham10000.evaluate;

import dev.lentil.metrics.Interval;
import dev.lentil.metrics.Quantile;
import dev.lentil.metrics.RocAuc;
import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Percentile bootstrap clustered by lesion: lesions, not images, are drawn with replacement, each with all its images,
 * since images of one lesion are not independent (Field and Welsh, Journal of the Royal Statistical Society B 69:369,
 * 2007). The same seed gives the same interval, in any number of threads.
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

  /** A number that describes labels and probabilities; NaN where it is undefined. */
  public interface Statistic {
    double of(int[] labels, double[] probabilities);
  }

  /**
   * The AUC of malignancy with its interval.
   *
   * @throws IllegalArgumentException if the data lack a class
   */
  public Interval auc(Predictions predictions) {
    return interval(predictions, RocAuc::of);
  }

  /**
   * A statistic with its interval. A resample where it is undefined, such as an AUC without one of the two classes, is left
   * out.
   *
   * @throws IllegalArgumentException if it is undefined for the data themselves
   */
  public Interval interval(Predictions predictions, Statistic statistic) {
    var order = order(predictions);
    var sorted = inOrder(predictions, order);
    var labels = sorted.labels();
    var probabilities = sorted.probabilities();
    return interval(predictions, order, rows -> statistic.of(pick(labels, rows), pick(probabilities, rows)));
  }

  /**
   * A statistic of one model minus the same of another. Both see the same resamples, so that what makes an image hard for
   * both cancels.
   *
   * @param second of the same images in the same order
   */
  public Interval difference(Predictions first, Predictions second, Statistic statistic) {
    var order = order(first);
    var sorted = inOrder(first, order);
    var labels = sorted.labels();
    var ours = sorted.probabilities();
    var theirs = inOrder(second, order).probabilities();
    return interval(first, order, rows -> {
      var drawn = pick(labels, rows);
      return statistic.of(drawn, pick(ours, rows)) - statistic.of(drawn, pick(theirs, rows));
    });
  }

  /** Row numbers by ascending probability: what sorts a resample has little left to do. */
  private static int[] order(Predictions predictions) {
    var probabilities = predictions.probabilities();
    return IntStream.range(0, predictions.size()).boxed().sorted(Comparator.comparingDouble(i -> probabilities[i]))
        .mapToInt(i -> i).toArray();
  }

  private static Predictions inOrder(Predictions predictions, int[] order) {
    return new Predictions(predictions.task(), Arrays.stream(order).mapToObj(predictions.rows()::get).toList());
  }

  /**
   * Lesions are drawn in the order of the predictions, so that models judged by the same images see the same resamples.
   *
   * @param statistic of positions in {@code order}, ascending; a resample may hold one several times
   */
  private Interval interval(Predictions predictions, int[] order, ToDoubleFunction<int[]> statistic) {
    double estimate = statistic.applyAsDouble(IntStream.range(0, predictions.size()).toArray());
    if (Double.isNaN(estimate)) {
      int malignant = Arrays.stream(predictions.labels()).sum();
      throw new IllegalArgumentException("A figure like AUC needs both benign and malignant images; there are "
          + (predictions.size() - malignant) + " and " + malignant);
    }
    var lesions = imagesByLesion(predictions, order);
    var values = IntStream.range(0, resamples)
        .parallel()
        .mapToDouble(r -> statistic.applyAsDouble(resampled(r, lesions, predictions.size())))
        .filter(value -> !Double.isNaN(value))
        .sorted()
        .toArray();
    if (values.length == 0) {
      throw new IllegalArgumentException("no resample held both classes: there are too few lesions for an interval");
    }
    double tail = (1 - level) / 2;
    return new Interval(estimate, Quantile.of(values, tail), Quantile.of(values, 1 - tail), level,
        "percentile bootstrap over lesions, " + values.length + " resamples");
  }

  private int[] resampled(int resample, int[][] lesions, int images) {
    var random = Philox.at(seed, 0, resample, RandomUse.BOOTSTRAP.operation());
    var times = new int[images];
    int size = 0;
    for (int i = 0; i < lesions.length; i++) {
      int[] drawn = lesions[random.below(lesions.length, i, 0)];
      for (int image : drawn) {
        times[image]++;
      }
      size += drawn.length;
    }
    var rows = new int[size];
    int filled = 0;
    for (int image = 0; image < images; image++) {
      Arrays.fill(rows, filled, filled + times[image], image);
      filled += times[image];
    }
    return rows;
  }

  private static int[] pick(int[] values, int[] rows) {
    var picked = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      picked[i] = values[rows[i]];
    }
    return picked;
  }

  private static double[] pick(double[] values, int[] rows) {
    var picked = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      picked[i] = values[rows[i]];
    }
    return picked;
  }

  /** Of each lesion the positions of its images in {@code order}. */
  private static int[][] imagesByLesion(Predictions predictions, int[] order) {
    var positions = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      positions[order[i]] = i;
    }
    var rows = predictions.rows();
    var groups = new LinkedHashMap<String, IntStream.Builder>();
    for (int i = 0; i < rows.size(); i++) {
      groups.computeIfAbsent(rows.get(i).lesionId(), _ -> IntStream.builder()).add(positions[i]);
    }
    return groups.values().stream().map(group -> group.build().toArray()).toArray(int[][]::new);
  }
}
