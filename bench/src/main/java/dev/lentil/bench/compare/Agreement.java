package dev.lentil.bench.compare;

import dev.lentil.bench.contender.Inference;
import dev.lentil.bench.contender.Training;
import dev.lentil.bench.contender.Training.Gradients;

/**
 * Whether two programs calculate the same, which is settled before either is timed: a peer that does something else is an
 * error, not a line in a table.
 */
final class Agreement {
  /** Of outputs, relative to the largest: float32 rounding through all layers stays below a tenth of it. */
  private static final double OUTPUTS = 1e-3;
  /** Of the loss of the first step. */
  private static final double LOSS = 1e-3;
  /**
   * Of all gradients as one vector: a value that falls on the other side of a ReLU6's kink changes whole gradients, so
   * that PyTorch's own float32 differs from its float64 by up to 0.022 in this network.
   */
  private static final double GRADIENTS = 0.1;
  /** Of the change of the loss that the first update makes. */
  private static final double PROGRESS = 0.3;

  private Agreement() {}

  /**
   * Compares outputs.
   *
   * @return the worst difference, relative to the largest output
   * @throws IllegalStateException if it is too large
   */
  static double require(Inference lentil, Inference peer) {
    float[] ours = lentil.run();
    float[] theirs = peer.run();
    if (ours.length != theirs.length) {
      throw new IllegalStateException(peer.name() + " gives " + theirs.length + " outputs, Lentil " + ours.length);
    }
    double worst = 0;
    double largest = 0;
    for (int i = 0; i < ours.length; i++) {
      // a NaN stays one through max, and fails below
      worst = Math.max(worst, Math.abs(ours[i] - theirs[i]));
      largest = Math.max(largest, Math.abs(ours[i]));
    }
    return within(peer.name(), "outputs", worst / largest, OUTPUTS);
  }

  /**
   * Compares loss, gradients, and what an update does to the loss.
   *
   * @return the difference of all gradients as one vector, relative to Lentil's
   * @throws IllegalStateException if one of them is too large
   */
  static double require(Training lentil, Training peer) {
    Gradients ours = lentil.gradients();
    Gradients theirs = peer.gradients();
    within(peer.name(), "losses", Math.abs(ours.loss() - theirs.loss()) / Math.abs(ours.loss()), LOSS);
    if (!ours.byParameter().keySet().equals(theirs.byParameter().keySet())) {
      throw new IllegalStateException(peer.name() + " does not train the same parameters");
    }
    double difference = 0;
    double norm = 0;
    for (var entry : ours.byParameter().entrySet()) {
      float[] a = entry.getValue();
      float[] b = theirs.byParameter().get(entry.getKey());
      for (int i = 0; i < a.length; i++) {
        difference += (double) (a[i] - b[i]) * (a[i] - b[i]);
        norm += (double) a[i] * a[i];
      }
    }
    double error = within(peer.name(), "gradients", Math.sqrt(difference / norm), GRADIENTS);
    double ourProgress = progress(lentil);
    double theirProgress = progress(peer);
    within(peer.name(), "first updates", Math.abs(ourProgress - theirProgress) / Math.abs(ourProgress), PROGRESS);
    return error;
  }

  /** By how much the first update lowers the loss. */
  private static double progress(Training training) {
    double before = training.step();
    return before - training.step();
  }

  private static double within(String peer, String what, double error, double allowed) {
    if (!(error <= allowed)) {
      throw new IllegalStateException("the " + what + " of " + peer + " differ from Lentil's by " + error
          + " (relative), more than " + allowed + ": they do not do the same work, so no times are given");
    }
    return error;
  }
}
