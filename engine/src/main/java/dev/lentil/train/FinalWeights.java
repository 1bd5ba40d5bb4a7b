package dev.lentil.train;

/** The weights with which a stage ends, and so with which the next one starts. */
public enum FinalWeights {
  /** Those after the epoch with the best monitored value. */
  BEST,
  /** Those after the last epoch, as in Keras unless it restores the best weights. */
  LAST
}
