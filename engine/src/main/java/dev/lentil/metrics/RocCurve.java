package dev.lentil.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The ROC curve of binary scores: one point for every distinct decision that a threshold can make.
 *
 * @param points from (0, 0) to (1, 1); tied scores move both rates in one, oblique, step, so that the trapezoids under
 *     the curve add up to {@link RocAuc}
 */
public record RocCurve(List<Point> points) {
  public RocCurve {
    points = List.copyOf(points);
  }

  /**
   * One operating point: positive where the score is strictly above {@code threshold}.
   *
   * @param threshold a score of the data; negative infinity for the last point, where everything is positive
   */
  public record Point(double threshold, double falsePositiveRate, double truePositiveRate) {}

  /**
   * The curve of labels 0 and 1.
   *
   * @throws IllegalArgumentException if one of the classes has no sample
   */
  public static RocCurve of(int[] labels, double[] scores) {
    Labels.requireSameLength(labels, scores);
    var sorted = new Sample[labels.length];
    long positives = 0;
    for (int i = 0; i < labels.length; i++) {
      sorted[i] = new Sample(Labels.requireNumber(scores[i], i), Labels.requireClass(labels[i], 2, i));
      positives += labels[i];
    }
    long negatives = labels.length - positives;
    if (positives == 0 || negatives == 0) {
      throw new IllegalArgumentException(
          "A ROC curve needs both classes: there are " + positives + " positives and " + negatives + " negatives");
    }
    Arrays.sort(sorted, (a, b) -> Double.compare(b.score, a.score));
    var points = new ArrayList<Point>();
    long tp = 0;
    long fp = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i].score != sorted[i - 1].score) {
        points.add(new Point(sorted[i].score, (double) fp / negatives, (double) tp / positives));
      }
      tp += sorted[i].label;
      fp += 1 - sorted[i].label;
    }
    points.add(new Point(Double.NEGATIVE_INFINITY, 1, 1));
    return new RocCurve(points);
  }

  /** Area under the straight lines between the points. */
  public double area() {
    double area = 0;
    for (int i = 1; i < points.size(); i++) {
      var a = points.get(i - 1);
      var b = points.get(i);
      area += (b.falsePositiveRate - a.falsePositiveRate) * (a.truePositiveRate + b.truePositiveRate) / 2;
    }
    return area;
  }

  private record Sample(double score, int label) {}
}
