package dev.lentil.metrics;

import java.util.Arrays;

/**
 * Keras 3's {@code AUC()} with its defaults: ROC, interpolation, 200 thresholds. For parity with Keras only; the area
 * to report is {@link RocAuc}.
 *
 * <p>The thresholds are -1e-7, 1/199, 2/199, .. 198/199, 1 + 1e-7. They are evenly spaced, so Keras
 * (keras/src/metrics/metrics_utils.py, {@code _update_confusion_matrix_variables_optimized}) puts a probability into
 * bucket ceil(p * 199) - 1, at least 0, in float32, and sums the buckets from above; the area is that of the trapezoids
 * between the 200 points. Probabilities outside 0..1 are clipped.
 */
public final class KerasAuc {
  private static final int THRESHOLDS = 200;

  private KerasAuc() {}

  /** The area; 0 where a class has no sample, as in Keras. Probabilities are rounded to float32, as Keras casts them. */
  public static double of(int[] labels, double[] probabilities) {
    Labels.requireSameLength(labels, probabilities);
    var positives = new long[THRESHOLDS];
    var negatives = new long[THRESHOLDS];
    for (int i = 0; i < labels.length; i++) {
      float p = Math.clamp((float) Labels.requireNumber(probabilities[i], i), 0f, 1f);
      int bucket = Math.max(0, (int) Math.ceil(p * (float) (THRESHOLDS - 1)) - 1);
      (Labels.requireClass(labels[i], 2, i) == 1 ? positives : negatives)[bucket]++;
    }
    return area(positives, negatives);
  }

  private static double area(long[] positives, long[] negatives) {
    long allPositives = Arrays.stream(positives).sum();
    long allNegatives = Arrays.stream(negatives).sum();
    if (allPositives == 0 || allNegatives == 0) {
      return 0;
    }
    // from the highest threshold, where nothing is positive, down to the lowest, where everything is
    double area = 0;
    long tp = positives[THRESHOLDS - 1];
    for (int i = THRESHOLDS - 2; i >= 0; i--) {
      long previousTp = tp;
      tp += positives[i];
      area += (double) negatives[i] / allNegatives * (tp + previousTp) / 2 / allPositives;
    }
    return area;
  }
}
