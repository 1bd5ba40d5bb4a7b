package dev.lentil.train;

import dev.lentil.metrics.BinaryAccuracy;
import dev.lentil.metrics.KerasAuc;
import dev.lentil.metrics.RocAuc;
import dev.lentil.nn.Loss;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Arrays;

/**
 * The labels and probabilities of samples in order, and the sum of their losses. This is enough to calculate every metric
 * exactly, and to continue after an interruption.
 */
public final class Scores {
  private final int outputs;
  private int[] labels = new int[64];
  private double[] probabilities;
  private int size;
  private double lossSum;

  /** @param outputs of the network per sample: 1 for binary, otherwise one per class */
  public Scores(int outputs) {
    this.outputs = outputs;
    probabilities = new double[labels.length * outputs];
  }

  /** Goes on from values that were taken out of another one. */
  static Scores of(int outputs, int[] labels, double[] probabilities, double lossSum) {
    var scores = new Scores(outputs);
    scores.labels = labels.clone();
    scores.probabilities = probabilities.clone();
    scores.size = labels.length;
    scores.lossSum = lossSum;
    return scores;
  }

  /**
   * Adds a batch in which every sample counts.
   *
   * @param meanLoss of the batch
   * @param logits {@code [n,k]}
   * @param targets {@code [n,k]}, 0 or 1
   */
  public void add(double meanLoss, Tensor logits, Tensor targets) {
    int n = logits.shape().extent(0);
    float[] ones = new float[n];
    Arrays.fill(ones, 1);
    add(meanLoss, logits, targets, Tensor.of(Shape.of(n), ones));
  }

  /**
   * Adds a batch's samples of another weight than 0; the others only fill it up.
   *
   * @param meanLoss of the batch: the sum of its losses, each times its weight, divided by n
   * @param logits {@code [n,k]}
   * @param targets {@code [n,k]}, 0 or 1
   * @param weights {@code [n]}
   */
  void add(double meanLoss, Tensor logits, Tensor targets, Tensor weights) {
    int n = logits.shape().extent(0);
    reserve(size + n);
    double[] values = logits.doubles();
    for (int i = 0; i < n; i++) {
      if (weights.get(i) != 0) {
        labels[size] = label(targets, i);
        if (outputs == 1) {
          probabilities[size] = Loss.sigmoid(values[i]);
        } else {
          System.arraycopy(values, i * outputs, probabilities, size * outputs, outputs);
          Loss.softmax(probabilities, size * outputs, outputs);
        }
        size++;
      }
    }
    lossSum += meanLoss * n;
  }

  private int label(Tensor targets, int sample) {
    if (outputs == 1) {
      return targets.get(sample) > 0.5 ? 1 : 0;
    }
    for (int c = 0; c < outputs; c++) {
      if (targets.get(sample * outputs + c) > 0.5) {
        return c;
      }
    }
    throw new IllegalArgumentException(
        "sample " + sample + " of a batch belongs to no class: none of its labels is above "
            + "0.5; give 1 for its class and 0 for the others");
  }

  private void reserve(int samples) {
    if (samples > labels.length) {
      int capacity = Math.max(samples, 2 * labels.length);
      labels = Arrays.copyOf(labels, capacity);
      probabilities = Arrays.copyOf(probabilities, capacity * outputs);
    }
  }

  public int outputs() {
    return outputs;
  }

  /** Samples so far. */
  public int size() {
    return size;
  }

  /** A copy: the class index of every sample. */
  public int[] labels() {
    return Arrays.copyOf(labels, size);
  }

  /** A copy: {@code [size * outputs]}. With one output it is the probability of label 1. */
  public double[] probabilities() {
    return Arrays.copyOf(probabilities, size * outputs);
  }

  /** A copy with a row for each sample: {@code [size][outputs]}. */
  public double[][] rows() {
    var rows = new double[size][];
    for (int i = 0; i < size; i++) {
      rows[i] = Arrays.copyOfRange(probabilities, i * outputs, (i + 1) * outputs);
    }
    return rows;
  }

  double lossSum() {
    return lossSum;
  }

  /** The mean loss of the samples so far; NaN without any. */
  public double meanLoss() {
    return lossSum / size;
  }

  public Metrics metrics(AucKind kind) {
    if (outputs == 1) {
      double auc = switch (kind) {
        case EXACT -> RocAuc.of(labels(), probabilities());
        case KERAS -> KerasAuc.of(labels(), probabilities());
      };
      return new Metrics(meanLoss(), BinaryAccuracy.of(labels(), probabilities()), auc);
    }
    kind.requireFits(outputs);
    double[][] rows = rows();
    return new Metrics(meanLoss(), accuracy(rows), RocAuc.macroOneVersusRest(labels(), rows));
  }

  private double accuracy(double[][] rows) {
    int right = 0;
    for (int i = 0; i < size; i++) {
      int best = 0;
      for (int c = 1; c < outputs; c++) {
        if (rows[i][c] > rows[i][best]) {
          best = c;
        }
      }
      if (best == labels[i]) {
        right++;
      }
    }
    return (double) right / size;
  }
}
