package dev.lentil.train;

/** How the area under the ROC curve is calculated. */
public enum AucKind {
  /** From ranks, ties counting half. For several classes the mean of each against the rest. */
  EXACT,
  /** Keras's 200 thresholds; for parity with Keras, binary only. */
  KERAS
}
