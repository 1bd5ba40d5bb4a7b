package dev.lentil.ham10000.image;

import dev.lentil.random.Philox;

/**
 * How far the colours of training images are changed. Each is drawn uniformly: the factors of {@link Colours} between 1 - m
 * and 1 + m, the hue between -m and m. Source of the parameters: torchvision's {@code ColorJitter}.
 *
 * @param brightness in [0, 1)
 * @param contrast in [0, 1)
 * @param saturation in [0, 1]
 * @param hue in [0, 0.5], in turns
 */
public record ColourJitter(double brightness, double contrast, double saturation, double hue) {
  /** Leaves colours as they are. */
  public static final ColourJitter NONE = new ColourJitter(0, 0, 0, 0);

  /** The first lane of a sample's random numbers that colours use. */
  private static final int LANE = 8;

  public ColourJitter {
    if (!(brightness >= 0 && brightness < 1 && contrast >= 0 && contrast < 1)) {
      throw new IllegalArgumentException(
          "augmentation brightness " + brightness + " and contrast " + contrast + " are not in [0, 1)");
    }
    if (!(saturation >= 0 && saturation <= 1)) {
      throw new IllegalArgumentException("augmentation saturation " + saturation + " is not in [0, 1]");
    }
    if (!(hue >= 0 && hue <= 0.5)) {
      throw new IllegalArgumentException("augmentation hue " + hue + " is not in [0, 0.5]");
    }
  }

  /** Lanes 8 to 11 of the sample: brightness, contrast, saturation, hue. */
  Colours draw(Philox stream, long sample) {
    return new Colours(
        1 + Augmentation.within(brightness, stream, sample, LANE),
        1 + Augmentation.within(contrast, stream, sample, LANE + 1),
        1 + Augmentation.within(saturation, stream, sample, LANE + 2),
        Augmentation.within(hue, stream, sample, LANE + 3));
  }
}
