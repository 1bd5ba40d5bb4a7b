package dev.lentil.metrics;

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

  private final long[] positives = new long[THRESHOLDS];
  private final long[] negatives = new long[THRESHOLDS];
  private int samples;

  /** Of no samples yet. */
  public KerasAuc() {}

  /** Adds one sample; the probability is rounded to float32, as Keras casts it. */
  public void add(int label, double probability) {
    float p = Math.clamp((float) Labels.requireNumber(probability, samples), 0f, 1f);
    int bucket = Math.max(0, (int) Math.ceil(p * (float) (THRESHOLDS - 1)) - 1);
    (Labels.requireClass(label, 2, samples) == 1 ? positives : negatives)[bucket]++;
    samples++;
  }

  /** The area for the samples so far; 0 where a class has none, as in Keras. */
  public double result() {
    long allPositives = 0;
    long allNegatives = 0;
    for (int i = 0; i < THRESHOLDS; i++) {
      allPositives += positives[i];
      allNegatives += negatives[i];
    }
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

  /** The area for whole arrays. */
  public static double of(int[] labels, double[] probabilities) {
    Labels.requireSameLength(labels, probabilities);
    var auc = new KerasAuc();
    for (int i = 0; i < labels.length; i++) {
      auc.add(labels[i], probabilities[i]);
    }
    return auc.result();
  }
}
