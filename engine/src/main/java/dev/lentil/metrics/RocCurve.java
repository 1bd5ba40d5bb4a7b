package dev.lentil.metrics;

import java.util.ArrayList;
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
    Labels.requireBothClasses(labels, scores, "a ROC curve");
    var sorted = ScoredLabel.descending(labels, scores);
    long positives = sorted.stream().mapToLong(ScoredLabel::label).sum();
    long negatives = labels.length - positives;
    var points = new ArrayList<Point>();
    long tp = 0;
    long fp = 0;
    for (int i = 0; i < sorted.size(); i++) {
      var sample = sorted.get(i);
      if (i == 0 || sample.score() != sorted.get(i - 1).score()) {
        points.add(new Point(sample.score(), (double) fp / negatives, (double) tp / positives));
      }
      tp += sample.label();
      fp += 1 - sample.label();
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
}
