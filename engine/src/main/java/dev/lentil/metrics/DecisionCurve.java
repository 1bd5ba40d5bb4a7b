package dev.lentil.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * What acting on a model is worth, by how many false alarms somebody would accept for one find (Vickers and Elkin, Medical
 * Decision Making 26:565, 2006). Treating nobody is worth 0.
 *
 * @param points thresholds ascending
 */
public record DecisionCurve(List<Point> points) {
  private static final int STEPS = 100;

  /**
   * One threshold t, at which a find is worth (1 - t) / t false alarms.
   *
   * @param netBenefit TP/n - FP/n * t/(1-t) when those with a probability above t are treated
   * @param treatAll the same when everybody is
   */
  public record Point(double threshold, double netBenefit, double treatAll) {}

  public DecisionCurve {
    points = List.copyOf(points);
  }

  /** Thresholds 0.01 to 0.99. The probabilities should be calibrated: the threshold is taken at its word. */
  public static DecisionCurve of(int[] labels, double[] probabilities) {
    Labels.requireBothClasses(labels, probabilities, "a decision curve");
    var points = new ArrayList<Point>();
    for (int step = 1; step < STEPS; step++) {
      double threshold = (double) step / STEPS;
      var matrix = ConfusionMatrix.atThreshold(labels, probabilities, threshold);
      points.add(new Point(threshold, netBenefit(matrix.count(1, 1), matrix.count(0, 1), labels.length, threshold),
          netBenefit(matrix.support(1), matrix.support(0), labels.length, threshold)));
    }
    return new DecisionCurve(points);
  }

  private static double netBenefit(long found, long alarms, int all, double threshold) {
    return (found - alarms * threshold / (1 - threshold)) / all;
  }
}
