package dev.lentil.ham10000.data;

import dev.lentil.ham10000.image.Augmentation;

/**
 * How training images are shown.
 *
 * @param labelSmoothing the part of a label that is spread evenly over all classes, from 0 to below 0.5: with one output 0
 *     and 1 become {@code s / 2} and {@code 1 - s / 2}. As Keras's losses do; validation is not smoothed
 */
public record Regime(Augmentation augmentation, Sampling sampling, double labelSmoothing) {
  public Regime {
    if (!(labelSmoothing >= 0 && labelSmoothing < 0.5)) {
      throw new IllegalArgumentException("label smoothing " + labelSmoothing + " is not in [0, 0.5)");
    }
  }

  /** Every image once, with hard labels. */
  public static Regime of(Augmentation augmentation) {
    return new Regime(augmentation, Sampling.SHUFFLED, 0);
  }
}
