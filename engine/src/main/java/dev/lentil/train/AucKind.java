package dev.lentil.train;

/** How the area under the ROC curve is calculated. */
public enum AucKind {
  /** From ranks, ties counting half. For several classes the mean of each against the rest. */
  EXACT,
  /** Keras's 200 thresholds; for parity with Keras, binary only. */
  KERAS;

  /**
   * @param outputs of the network
   * @throws IllegalArgumentException if it cannot be calculated of so many
   */
  void requireFits(int outputs) {
    if (this == KERAS && outputs > 1) {
      throw new IllegalArgumentException(
          "Keras's AUC is for one output, this network has " + outputs + "; take " + EXACT);
    }
  }
}
