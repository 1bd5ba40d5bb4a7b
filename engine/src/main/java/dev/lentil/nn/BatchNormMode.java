package dev.lentil.nn;

/** What a batch normalisation does while the network trains. Outside training it always uses the moving statistics. */
public enum BatchNormMode {
  /** Moving statistics; gamma and beta fixed. Keras's {@code trainable = False}. */
  FROZEN,
  /** Moving statistics, not updated; gamma and beta trained. PyTorch's {@code eval()} on the layer with gradients on. */
  INFERENCE_STATISTICS,
  /**
   * Statistics of the batch; gamma and beta trained; the moving statistics follow. The moving variance takes the
   * population variance (divided by N), as Keras 3 does.
   */
  TRAINING
}
