package dev.lentil.ham10000.image;

import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;

/**
 * How far training images are moved about and recoloured: the parameters of Keras's {@code ImageDataGenerator}, with its
 * distributions, then quarter turns and colours, which Keras's generator does not have. Every parameter
 * of an image is drawn from {@link Philox} by (seed, stage, epoch, sample), so an image's transformation does not depend on which thread
 * makes it or when.
 *
 * @param rotationDegrees rotation is uniform in [-r, r]
 * @param heightShift shift in parts of the height, uniform in [-s, s]
 * @param widthShift shift in parts of the width, uniform in [-s, s]
 * @param zoom both axes are zoomed independently, uniform in [1 - z, 1 + z]; above 1 shrinks the content
 * @param horizontalFlip half of the images are mirrored left to right
 * @param verticalFlip half of the images are mirrored top to bottom
 * @param quarterTurns images are turned by 0, 90, 180 or 270 degrees, each as often; for square images
 */
public record Augmentation(
    double rotationDegrees, double heightShift, double widthShift, double zoom, boolean horizontalFlip,
    boolean verticalFlip, boolean quarterTurns, ColourJitter colours) {
  /** The kinds that Sari and Irawan 2026 name, with usual magnitudes since they state none. */
  public static final Augmentation DEFAULT = of(20, 0.1, 0.1, 0.1, true, true);

  /** Leaves images as they are. */
  public static final Augmentation NONE = of(0, 0, 0, 0, false, false);

  public Augmentation {
    if (!(rotationDegrees >= 0 && rotationDegrees <= 180)) {
      throw new IllegalArgumentException("augmentation rotation " + rotationDegrees + " is not in 0..180 degrees");
    }
    if (!(heightShift >= 0 && heightShift < 1 && widthShift >= 0 && widthShift < 1)) {
      throw new IllegalArgumentException(
          "augmentation shifts " + heightShift + " and " + widthShift + " are not in [0, 1)");
    }
    if (!(zoom >= 0 && zoom < 1)) {
      throw new IllegalArgumentException("augmentation zoom " + zoom + " is not in [0, 1)");
    }
  }

  /** What Keras's generator has: no quarter turns, and colours as they are. */
  public static Augmentation of(double rotationDegrees, double heightShift, double widthShift, double zoom,
      boolean horizontalFlip, boolean verticalFlip) {
    return new Augmentation(rotationDegrees, heightShift, widthShift, zoom, horizontalFlip, verticalFlip, false,
        ColourJitter.NONE);
  }

  /** The stream that all samples of an epoch draw from. */
  public static Philox stream(long seed, int stage, int epoch) {
    return Philox.at(seed, stage, epoch, RandomUse.AUGMENTATION.operation());
  }

  /**
   * The transformation of one image. Lanes 0 to 6 of the sample are rotation, height shift, width shift, the two zooms, and the two flips; lane 7 is the
   * quarter turns, and lanes 8 to 11 are the colours.
   *
   * @param sample the image's number in its data set; if it was drawn before in the epoch, plus the size of the data set for each time
   */
  public Transform draw(Philox stream, long sample, int height, int width) {
    return new Transform(
        within(rotationDegrees, stream, sample, 0),
        within(heightShift * height, stream, sample, 1),
        within(widthShift * width, stream, sample, 2),
        1 + within(zoom, stream, sample, 3),
        1 + within(zoom, stream, sample, 4),
        horizontalFlip && stream.uniform(sample, 5) < 0.5f,
        verticalFlip && stream.uniform(sample, 6) < 0.5f,
        quarterTurns ? (int) (4 * stream.uniform(sample, 7)) : 0,
        colours.draw(stream, sample));
  }

  /** Uniform in [-range, range). */
  static double within(double range, Philox stream, long sample, int lane) {
    return range == 0 ? 0 : (2.0 * stream.uniform(sample, lane) - 1) * range;
  }
}
