package dev.lentil.metrics;

/** Mean negative log likelihood of the labels, in nats. */
public final class LogLoss {
  private LogLoss() {}

  /** The loss; probabilities are kept 2^-24 away from 0 and 1, where one mistake would be infinitely bad. */
  public static double of(int[] labels, double[] probabilities) {
    Labels.requireSameLength(labels, probabilities);
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      double z = LogOdds.of(Labels.requireNumber(probabilities[i], i));
      sum += Math.log1p(Math.exp(Labels.requireClass(labels[i], 2, i) == 1 ? -z : z));
    }
    return sum / labels.length;
  }
}
