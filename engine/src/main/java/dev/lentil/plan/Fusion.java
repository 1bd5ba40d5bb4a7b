package dev.lentil.plan;

/** A fused step that a backend may or may not have. The planner emits one only if the backend says it has it. */
public enum Fusion {
  /** {@link Step.FusedConvolve}. */
  CONVOLVE,
  /** {@link Step.FusedDepthwise}. */
  DEPTHWISE,
  /** {@link Step.FusedInvertedResidual}; needs the other two. */
  INVERTED_RESIDUAL,
  /**
   * {@link Step.TrainConvolve} and {@link Step.FinishNormalization}, with their backward steps, {@link Step.ExpandedBackward}
   * among them.
   */
  BATCH_STATISTICS
}
