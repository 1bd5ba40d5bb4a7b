package dev.lentil.metrics;

/**
 * Fraction of samples on the right side of 0.5, collected batch by batch. Keras's {@code BinaryAccuracy}: positive
 * where p &gt; 0.5, strictly.
 */
public final class BinaryAccuracy {
  private static final double THRESHOLD = 0.5;

  private long right;
  private long total;

  /** Of no samples yet. */
  public BinaryAccuracy() {}

  /** Adds one sample. */
  public void add(int label, double probability) {
    int predicted = probability > THRESHOLD ? 1 : 0;
    right += Labels.requireClass(label, 2, Math.toIntExact(total)) == predicted ? 1 : 0;
    total++;
  }

  /** Accuracy of the samples so far; 0 before the first, as in Keras. */
  public double result() {
    return total == 0 ? 0 : (double) right / total;
  }

  /** Accuracy of whole arrays. */
  public static double of(int[] labels, double[] probabilities) {
    Labels.requireSameLength(labels, probabilities);
    var accuracy = new BinaryAccuracy();
    for (int i = 0; i < labels.length; i++) {
      accuracy.add(labels[i], probabilities[i]);
    }
    return accuracy.result();
  }
}
