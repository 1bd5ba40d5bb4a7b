package dev.lentil.metrics;

/** Fraction of samples on the right side of 0.5. Keras's {@code BinaryAccuracy}: positive where p &gt; 0.5, strictly. */
public final class BinaryAccuracy {
  private static final double THRESHOLD = 0.5;

  private BinaryAccuracy() {}

  /** 0 without samples, as in Keras. */
  public static double of(int[] labels, double[] probabilities) {
    Labels.requireSameLength(labels, probabilities);
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      int predicted = probabilities[i] > THRESHOLD ? 1 : 0;
      right += Labels.requireClass(labels[i], 2, i) == predicted ? 1 : 0;
    }
    return labels.length == 0 ? 0 : (double) right / labels.length;
  }
}
