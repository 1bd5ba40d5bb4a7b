package dev.lentil.plan;

/** A fused step that a backend may or may not support. The planner uses it only if the backend says that it supports it. */
public enum Fusion {
  /** {@link Step.FusedConvolve}. */
  CONVOLVE,
  /** {@link Step.FusedDepthwise}. */
  DEPTHWISE,
  /** {@link Step.RectifiedDepthwise}; needs {@link #CONVOLVE} and {@link #DEPTHWISE}. */
  RECTIFIED_DEPTHWISE,
  /**
   * {@link Step.FusedInvertedResidual}; needs {@link #CONVOLVE} and {@link #DEPTHWISE}, and goes before {@link
   * #RECTIFIED_DEPTHWISE}.
   */
  INVERTED_RESIDUAL,
  /**
   * {@link Step.TrainConvolve} and {@link Step.FinishNormalization}, with their backward steps. A depthwise convolution
   * normalises what it reads; what another convolution reads is stored normalised.
   */
  BATCH_STATISTICS,
  /** A pointwise {@link Step.TrainConvolve} normalises what it reads, too; needs {@link #BATCH_STATISTICS}. */
  NORMALIZED_POINTWISE,
  /** {@link Step.ExpandedBackward}; needs {@link #BATCH_STATISTICS}. */
  EXPANDED_BACKWARD
}
