package dev.lentil.metrics;

import java.util.Arrays;

/**
 * Counts of (true class, predicted class) for any number of classes, and the measures that follow from them.
 *
 * <p>Rows are the truth, columns the prediction, as scikit-learn and Keras print it. For two classes, class 1 is the
 * positive one: {@code [[TN, FP], [FN, TP]]}. A measure whose denominator is zero is 0, as in scikit-learn with
 * {@code zero_division=0}. Immutable.
 */
public final class ConfusionMatrix {
  private final long[][] counts;

  private ConfusionMatrix(long[][] counts) {
    this.counts = counts;
  }

  /** Precision, recall and F1, averaged over the classes. */
  public record Averages(double precision, double recall, double f1) {}

  /**
   * Takes the counts as they are.
   *
   * @param counts {@code [truth][prediction]}, square, none negative
   */
  public static ConfusionMatrix ofCounts(long[][] counts) {
    if (counts.length < 2) {
      throw new IllegalArgumentException("a confusion matrix needs at least two classes, not " + counts.length);
    }
    var copy = new long[counts.length][];
    for (int t = 0; t < counts.length; t++) {
      if (counts[t].length != counts.length) {
        throw new IllegalArgumentException(
            "a confusion matrix is square: row " + t + " has " + counts[t].length + " columns, not " + counts.length);
      }
      if (Arrays.stream(counts[t]).anyMatch(c -> c < 0)) {
        throw new IllegalArgumentException("negative count in row " + t + ": " + Arrays.toString(counts[t]));
      }
      copy[t] = counts[t].clone();
    }
    return new ConfusionMatrix(copy);
  }

  /** The two-class matrix, in the order in which scikit-learn's {@code confusion_matrix(...).ravel()} gives it. */
  public static ConfusionMatrix ofBinary(long tn, long fp, long fn, long tp) {
    return ofCounts(new long[][] {{tn, fp}, {fn, tp}});
  }

  /** Counts pairs of class indices, each in {@code 0..classes-1}. */
  public static ConfusionMatrix of(int[] truth, int[] predicted, int classes) {
    if (truth.length != predicted.length) {
      throw new IllegalArgumentException(truth.length + " labels but " + predicted.length + " predictions");
    }
    var counts = new long[classes][classes];
    for (int i = 0; i < truth.length; i++) {
      counts[Labels.requireClass(truth[i], classes, i)][Labels.requireClass(predicted[i], classes, i)]++;
    }
    return ofCounts(counts);
  }

  /**
   * Two classes, decided as Keras's {@code BinaryAccuracy} does: positive where the probability is strictly above the
   * threshold.
   */
  public static ConfusionMatrix atThreshold(int[] labels, double[] probabilities, double threshold) {
    Labels.requireSameLength(labels, probabilities);
    var counts = new long[2][2];
    for (int i = 0; i < labels.length; i++) {
      counts[Labels.requireClass(labels[i], 2, i)][Labels.requireNumber(probabilities[i], i) > threshold ? 1 : 0]++;
    }
    return ofCounts(counts);
  }

  /** Number of classes. */
  public int classes() {
    return counts.length;
  }

  /** How many samples of class {@code truth} were predicted as {@code predicted}. */
  public long count(int truth, int predicted) {
    return counts[truth][predicted];
  }

  /** A copy of the counts, {@code [truth][prediction]}. */
  public long[][] counts() {
    return Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
  }

  /** Number of samples. */
  public long total() {
    return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
  }

  /** Number of samples whose true class is {@code c}. */
  public long support(int c) {
    return Arrays.stream(counts[c]).sum();
  }

  /** Number of samples predicted as {@code c}. */
  public long predicted(int c) {
    return Arrays.stream(counts).mapToLong(row -> row[c]).sum();
  }

  /** Fraction of all samples on the diagonal. */
  public double accuracy() {
    long right = 0;
    for (int c = 0; c < counts.length; c++) {
      right += counts[c][c];
    }
    return ratio(right, total());
  }

  /** Of what was predicted as {@code c}, the fraction that is. */
  public double precision(int c) {
    return ratio(counts[c][c], predicted(c));
  }

  /** Of what is {@code c}, the fraction that was predicted as such. */
  public double recall(int c) {
    return ratio(counts[c][c], support(c));
  }

  /** Harmonic mean of precision and recall of {@code c}: 2 TP / (2 TP + FP + FN). */
  public double f1(int c) {
    return ratio(2 * counts[c][c], support(c) + predicted(c));
  }

  /** Recall of the positive class, 1, of two. */
  public double sensitivity() {
    requireBinary();
    return recall(1);
  }

  /** Recall of the negative class, 0, of two. */
  public double specificity() {
    requireBinary();
    return recall(0);
  }

  /** Mean of the recalls of all classes; 1/classes for a constant answer. */
  public double balancedAccuracy() {
    return macro().recall();
  }

  /**
   * Matthews's correlation of truth and prediction, -1 to 1, for any number of classes (Gorodkin, Computational Biology and
   * Chemistry 28:367, 2004): (c s - sum p_k t_k) / sqrt((s^2 - sum p_k^2)(s^2 - sum t_k^2)) of s samples, c of them right,
   * t_k in class k, p_k predicted so. 0 for a constant answer.
   */
  public double matthews() {
    double all = total();
    double truths = all * all;
    double answers = all * all;
    double agreement = 0;
    for (int c = 0; c < counts.length; c++) {
      double t = support(c);
      double p = predicted(c);
      truths -= t * t;
      answers -= p * p;
      agreement += counts[c][c] * all - t * p;
    }
    return truths == 0 || answers == 0 ? 0 : agreement / Math.sqrt(truths * answers);
  }

  /** The matrix of a model that answers {@code c} for every one of these samples. */
  public ConfusionMatrix always(int c) {
    var constant = new long[counts.length][counts.length];
    for (int t = 0; t < counts.length; t++) {
      constant[t][c] = support(t);
    }
    return new ConfusionMatrix(constant);
  }

  /** Unweighted mean over the classes. */
  public Averages macro() {
    var one = new double[counts.length];
    Arrays.fill(one, 1);
    return average(one);
  }

  /** Mean over the classes, weighted by their support. */
  public Averages weighted() {
    var supports = new double[counts.length];
    Arrays.setAll(supports, this::support);
    return average(supports);
  }

  private Averages average(double[] weights) {
    double p = 0;
    double r = 0;
    double f = 0;
    double sum = 0;
    for (int c = 0; c < counts.length; c++) {
      p += precision(c) * weights[c];
      r += recall(c) * weights[c];
      f += f1(c) * weights[c];
      sum += weights[c];
    }
    return sum == 0 ? new Averages(0, 0, 0) : new Averages(p / sum, r / sum, f / sum);
  }

  private void requireBinary() {
    if (counts.length != 2) {
      throw new IllegalStateException(
          "sensitivity and specificity are those of two classes, but this matrix has " + counts.length);
    }
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConfusionMatrix that && Arrays.deepEquals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(counts);
  }

  @Override
  public String toString() {
    return Arrays.deepToString(counts);
  }
}
