package dev.lentil.ham10000.evaluate;

import dev.lentil.metrics.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * How performance depends on the threshold. Malignant where the probability is strictly above it, as in Keras.
 *
 * @param points ascending thresholds
 */
public record ThresholdSweep(List<Point> points) {
  private static final int GRID_STEPS = 100;

  public ThresholdSweep {
    points = List.copyOf(points);
    if (points.isEmpty()) {
      throw new IllegalArgumentException("A sweep needs at least one threshold");
    }
  }

  /** One threshold and what follows from it; precision, recall and F1 are those of the malignant class. */
  public record Point(double threshold, ConfusionMatrix matrix) {
    public double accuracy() {
      return matrix.accuracy();
    }

    public double precision() {
      return matrix.precision(1);
    }

    /** Sensitivity: the fraction of the malignant images that is found. */
    public double recall() {
      return matrix.sensitivity();
    }

    public double specificity() {
      return matrix.specificity();
    }

    public double f1() {
      return matrix.f1(1);
    }

    /** Youden's J = sensitivity + specificity - 1. */
    public double youden() {
      return recall() + specificity() - 1;
    }
  }

  /** The 101 thresholds 0.00, 0.01 .. 1.00: what a person reads and the figure shows. */
  public static ThresholdSweep onGrid(Predictions predictions) {
    return at(predictions, grid());
  }

  /** The grid and every distinct probability of the data: every decision that a threshold can make. */
  public static ThresholdSweep atEveryScore(Predictions predictions) {
    return at(predictions, DoubleStream.concat(grid(), Arrays.stream(predictions.probabilities())));
  }

  private static DoubleStream grid() {
    return IntStream.rangeClosed(0, GRID_STEPS).mapToDouble(i -> i / (double) GRID_STEPS);
  }

  private static ThresholdSweep at(Predictions predictions, DoubleStream thresholds) {
    var labels = predictions.labels();
    var probabilities = predictions.probabilities();
    var benign = sorted(labels, probabilities, 0);
    var malignant = sorted(labels, probabilities, 1);
    var points = new ArrayList<Point>();
    int tn = 0;
    int fn = 0;
    for (double threshold : thresholds.sorted().distinct().toArray()) {
      while (tn < benign.length && benign[tn] <= threshold) {
        tn++;
      }
      while (fn < malignant.length && malignant[fn] <= threshold) {
        fn++;
      }
      points.add(new Point(threshold, ConfusionMatrix.ofBinary(tn, benign.length - tn, fn, malignant.length - fn)));
    }
    return new ThresholdSweep(points);
  }

  private static double[] sorted(int[] labels, double[] probabilities, int label) {
    return IntStream.range(0, labels.length)
        .filter(i -> labels[i] == label)
        .mapToDouble(i -> probabilities[i])
        .sorted()
        .toArray();
  }

  /**
   * The most accurate threshold; among equals the lowest, which misses the fewest malignant images.
   */
  public Point maximumAccuracy() {
    return best(Point::accuracy);
  }

  /** The threshold with the largest Youden's J; among equals the lowest. */
  public Point maximumYouden() {
    return best(Point::youden);
  }

  /** The threshold with the largest F1 of the malignant class; among equals the lowest. */
  public Point maximumF1() {
    return best(Point::f1);
  }

  /**
   * The highest threshold, so the one with the fewest false alarms, that still finds the given fraction of the
   * malignant images; the lowest threshold of all if none does.
   */
  public Point atSensitivity(double target) {
    for (var point : points.reversed()) {
      if (point.recall() >= target) {
        return point;
      }
    }
    return points.getFirst();
  }

  /**
   * The lowest threshold, so the one that finds the most malignant images, that still leaves the given fraction of the
   * benign images in peace; the highest threshold of all if none does.
   */
  public Point atSpecificity(double target) {
    return points.stream().filter(point -> point.specificity() >= target).findFirst().orElse(points.getLast());
  }

  /**
   * The threshold with the least cost, in false alarms; among equals the lowest.
   *
   * @param falseNegativeCost how many false alarms a missed malignant image is as bad as
   */
  public Point minimumCost(double falseNegativeCost) {
    return best(point -> -(falseNegativeCost * point.matrix().count(1, 0) + point.matrix().count(0, 1)));
  }

  private Point best(ToDoubleFunction<Point> measure) {
    // the first of equals, and so the lowest threshold
    return points.stream().max(Comparator.comparingDouble(measure)).orElseThrow();
  }
}
