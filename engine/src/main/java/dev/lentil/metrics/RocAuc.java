package dev.lentil.metrics;

import java.util.Arrays;

/**
 * Exact area under the ROC curve: the probability that a random positive scores above a random negative, ties counting
 * half (Mann-Whitney U / (P N)). The counts are integers, so the result does not depend on the samples' order.
 */
public final class RocAuc {
  private RocAuc() {}

  /**
   * The area for labels 0 and 1.
   *
   * @return the area in 0..1, or NaN where one of the classes has no sample and the area is undefined
   */
  public static double of(int[] labels, double[] scores) {
    Labels.requireSameLength(labels, scores);
    var positive = new double[labels.length];
    var negative = new double[labels.length];
    int positives = 0;
    int negatives = 0;
    for (int i = 0; i < labels.length; i++) {
      double score = Labels.requireNumber(scores[i], i);
      if (Labels.requireClass(labels[i], 2, i) == 1) {
        positive[positives++] = score;
      } else {
        negative[negatives++] = score;
      }
    }
    if (positives == 0 || negatives == 0) {
      return Double.NaN;
    }
    Arrays.sort(positive, 0, positives);
    Arrays.sort(negative, 0, negatives);
    long twiceU = 0;
    int below = 0;
    int notAbove = 0;
    for (int i = 0; i < positives; i++) {
      while (below < negatives && negative[below] < positive[i]) {
        below++;
      }
      while (notAbove < negatives && negative[notAbove] <= positive[i]) {
        notAbove++;
      }
      twiceU += below + notAbove;
    }
    return twiceU / 2.0 / ((double) positives * negatives);
  }

  /**
   * Mean over the classes of the area of each class against the rest (scikit-learn: {@code multi_class="ovr",
   * average="macro"}).
   *
   * @param labels class indices
   * @param scores {@code [sample][class]}
   * @return the mean area, NaN where a class has no sample
   */
  public static double macroOneVersusRest(int[] labels, double[][] scores) {
    return Arrays.stream(oneVersusRest(labels, scores)).average().orElse(Double.NaN);
  }

  /** The area of each class against the rest; NaN for a class without a sample. */
  public static double[] oneVersusRest(int[] labels, double[][] scores) {
    if (labels.length != scores.length) {
      throw new IllegalArgumentException(labels.length + " labels but " + scores.length + " rows of scores");
    }
    int classes = scores.length == 0 ? 0 : scores[0].length;
    var areas = new double[classes];
    for (int c = 0; c < classes; c++) {
      var isClass = new int[labels.length];
      var score = new double[labels.length];
      for (int i = 0; i < labels.length; i++) {
        isClass[i] = Labels.requireClass(labels[i], classes, i) == c ? 1 : 0;
        score[i] = scores[i][c];
      }
      areas[c] = of(isClass, score);
    }
    return areas;
  }
}
