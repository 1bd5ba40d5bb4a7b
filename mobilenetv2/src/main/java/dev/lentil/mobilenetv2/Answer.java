package dev.lentil.mobilenetv2;

import dev.lentil.nn.Loss;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The answer to be explained: that an image belongs to one class, or to one of several. "This lesion is malignant" is three
 * classes of a network with seven diagnoses. A network with one output has two classes: 1 with its logit, and 0 with the
 * negative logit.
 */
public record Answer(Set<Integer> classes) {
  public Answer {
    classes = Set.copyOf(classes);
  }

  /** One class. */
  public static Answer of(int index) {
    return new Answer(Set.of(index));
  }

  /**
   * The log-odds of the answer, {@code log(p / (1-p))}: what {@link dev.lentil.explain.Occlusion} watches. Unlike the
   * probability it does not stick at 0 and 1.
   */
  double logOdds(double[] logits) {
    requireSome(logits.length);
    if (logits.length == 1) {
      return sign() * logits[0];
    }
    return logSum(logits, chosen(logits.length))
        - logSum(logits, IntStream.range(0, logits.length).filter(i -> !classes.contains(i)).toArray());
  }

  /** The probability of the answer. */
  public double probability(double[] logits) {
    return Loss.sigmoid(logOdds(logits));
  }

  /**
   * The factors of the logits whose gradient {@link dev.lentil.explain.GradCam} takes: 1 for the one class, as Grad-CAM
   * has it; several share the 1 as their probabilities do, which is the gradient of the logarithm of their summed
   * exponentials.
   */
  double[] factors(double[] logits) {
    requireSome(logits.length);
    if (logits.length == 1) {
      return new double[] {sign()};
    }
    int[] chosen = chosen(logits.length);
    double total = logSum(logits, chosen);
    var factors = new double[logits.length];
    for (int i : chosen) {
      factors[i] = Math.exp(logits[i] - total);
    }
    return factors;
  }

  private double sign() {
    return classes.contains(1) ? 1 : -1;
  }

  private int[] chosen(int outputs) {
    return IntStream.range(0, outputs).filter(classes::contains).toArray();
  }

  /** Neither none nor all, and each of them there. */
  private void requireSome(int outputs) {
    int count = Math.max(2, outputs);
    if (classes.isEmpty() || classes.size() >= count || classes.stream().anyMatch(c -> c < 0 || c >= count)) {
      throw new IllegalArgumentException("the classes " + classes + " cannot be explained for a network of " + count
          + " classes; give some of 0 to " + (count - 1) + ", not all");
    }
  }

  private static double logSum(double[] logits, int[] chosen) {
    double largest = IntStream.of(chosen).mapToDouble(i -> logits[i]).max().orElseThrow();
    return largest + Math.log(IntStream.of(chosen).mapToDouble(i -> Math.exp(logits[i] - largest)).sum());
  }
}
