package dev.lentil.mobilenetv2.image;

import java.util.Locale;

/**
 * What of a photograph the network is shown, when their proportions differ. The size is reached by {@link
 * Resize#BILINEAR}.
 */
public enum Framing {
  /**
   * All of it where squashing changes its proportions by a fifth or less, as {@link #SQUASH}; otherwise, where squashing
   * would bend what the network has only ever seen straight, its middle, as {@link #CENTRE_CROP}.
   */
  AUTO {
    @Override
    public RgbImage to(RgbImage image, int height, int width) {
      double bend = (double) image.width() * height / ((double) image.height() * width);
      boolean slight = Math.max(bend, 1 / bend) <= SLIGHT;
      return (slight ? SQUASH : CENTRE_CROP).to(image, height, width);
    }
  },
  /** All of it, squashed to the network's proportions: what Keras's image loaders do. */
  SQUASH {
    @Override
    public RgbImage to(RgbImage image, int height, int width) {
      return Resize.BILINEAR.to(image, height, width);
    }
  },
  /**
   * Its middle, undistorted: resized until it just covers the network's size divided by 0.875, then the middle is cut
   * out. For 224x224 the shorter side becomes 256, which is the customary way to score on ImageNet (torchvision's
   * {@code Resize(256), CenterCrop(224)}).
   */
  CENTRE_CROP {
    @Override
    public RgbImage to(RgbImage image, int height, int width) {
      double scale = Math.max(height / KEPT / image.height(), width / KEPT / image.width());
      // the tiny amount keeps an exact product from being cut to the number below it
      long rows = Math.max(height, (long) (scale * image.height() + 1e-9));
      long columns = Math.max(width, (long) (scale * image.width() + 1e-9));
      return Resize.middle(image, rows, columns, height, width);
    }
  };

  private static final double KEPT = 0.875;
  private static final double SLIGHT = 1.2;

  /** The framed image at the network's size. */
  public abstract RgbImage to(RgbImage image, int height, int width);

  /** As on the command line: auto, squash, centre-crop. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
