package dev.lentil.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * Precision against recall of binary scores, one point for every distinct score.
 *
 * @param points recall ascending; positive where the score is at least {@code threshold}
 */
public record PrecisionRecallCurve(List<Point> points) {
  /** One threshold. */
  public record Point(double threshold, double recall, double precision) {}

  public PrecisionRecallCurve {
    points = List.copyOf(points);
  }

  /**
   * The curve of labels 0 and 1.
   *
   * @throws IllegalArgumentException without a positive, where recall is undefined
   */
  public static PrecisionRecallCurve of(int[] labels, double[] scores) {
    var sorted = ScoredLabel.descending(labels, scores);
    long positives = sorted.stream().mapToLong(ScoredLabel::label).sum();
    if (positives == 0) {
      throw new IllegalArgumentException(
          "recall needs at least one positive; there is none among " + labels.length + " samples");
    }
    var points = new ArrayList<Point>();
    long found = 0;
    for (int i = 0; i < sorted.size(); i++) {
      found += sorted.get(i).label();
      if (i + 1 == sorted.size() || sorted.get(i + 1).score() != sorted.get(i).score()) {
        points.add(new Point(sorted.get(i).score(), (double) found / positives, found / (i + 1.0)));
      }
    }
    return new PrecisionRecallCurve(points);
  }

  /**
   * Average precision: the sum of precision times the step in recall, without interpolation, as scikit-learn's {@code
   * average_precision_score}. A model without information has the positives' share.
   */
  public double averagePrecision() {
    double sum = 0;
    double before = 0;
    for (var point : points) {
      sum += (point.recall - before) * point.precision;
      before = point.recall;
    }
    return sum;
  }
}
