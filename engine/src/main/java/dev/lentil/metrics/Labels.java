package dev.lentil.metrics;

/** Checks shared by the measures, so that each says the same thing about the same mistake. */
final class Labels {
  private Labels() {}

  static int requireClass(int label, int classes, int sample) {
    if (label < 0 || label >= classes) {
      throw new IllegalArgumentException(
          "label " + label + " of sample " + sample + " is not a class index 0.." + (classes - 1));
    }
    return label;
  }

  static double requireNumber(double score, int sample) {
    if (Double.isNaN(score)) {
      throw new IllegalArgumentException("the score of sample " + sample + " is NaN");
    }
    // -0.0 + 0.0 is +0.0: sorting tells the two zeros apart, a comparison of scores must not
    return score + 0.0;
  }

  static void requireSameLength(int[] labels, double[] scores) {
    if (labels.length != scores.length) {
      throw new IllegalArgumentException(labels.length + " labels but " + scores.length + " scores");
    }
  }

  static void requireBothClasses(int[] labels, double[] scores, String what) {
    requireSameLength(labels, scores);
    int positives = 0;
    for (int i = 0; i < labels.length; i++) {
      positives += requireClass(labels[i], 2, i);
    }
    if (positives == 0 || positives == labels.length) {
      throw new IllegalArgumentException(what + " needs both classes: there are " + positives + " positives and "
          + (labels.length - positives) + " negatives");
    }
  }
}
