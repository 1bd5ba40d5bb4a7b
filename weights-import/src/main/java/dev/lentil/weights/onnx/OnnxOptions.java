package dev.lentil.weights.onnx;

/**
 * What a caller may choose about a written ONNX model.
 *
 * @param normalization what becomes of batch normalisations
 * @param output what the model answers with
 */
public record OnnxOptions(Normalization normalization, Output output) {
  /** What becomes of a batch normalisation that follows a convolution. */
  public enum Normalization {
    /** It is part of the convolution's weights and bias: the fastest to run. */
    FOLDED,
    /** It stays an operation of its own, with its four parameters: as the network was trained. */
    KEPT
  }

  /** What a network with a sigmoid or softmax at its end answers with. */
  public enum Output {
    /** The sigmoid or softmax is part of the model. */
    PROBABILITIES,
    /** It is left out. */
    LOGITS
  }

  /** Folded, with probabilities. */
  public static OnnxOptions defaults() {
    return new OnnxOptions(Normalization.FOLDED, Output.PROBABILITIES);
  }
}
