package dev.lentil.ham10000;

import java.nio.file.Path;

/** Weights that are damaged, or that training drove too far, make a network answer with what is no number. */
public final class ProbabilityCheck {
  /** It is no photograph's fault. */
  public static final class DamagedException extends UserError {
    private static final long serialVersionUID = 1;

    DamagedException(String message) {
      super(message);
    }
  }

  private ProbabilityCheck() {}

  /**
   * Hands the probabilities on.
   *
   * @param probabilities what a network said of an image
   * @param weights where the network comes from
   * @throws DamagedException if one of them is no number
   */
  public static float[] require(float[] probabilities, Path image, Path weights) {
    for (float probability : probabilities) {
      if (!Float.isFinite(probability)) {
        throw new DamagedException(image + ": the network of " + weights + " answers with " + probability
            + " instead of a probability; its weights are damaged, so get the file again or train anew");
      }
    }
    return probabilities;
  }
}
