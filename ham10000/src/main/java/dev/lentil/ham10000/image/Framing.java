package dev.lentil.ham10000.image;

import java.util.Locale;

/** What of a photograph the network is shown, when their proportions differ. The size is reached by {@link Resize#BILINEAR}. */
public enum Framing {
  /** All of it, squashed to the network's proportions: what Keras's image loaders do. */
  SQUASH {
    @Override
    public RgbImage to(RgbImage image, int height, int width) {
      return Resize.BILINEAR.to(image, height, width);
    }
  },
  /**
   * Its middle, undistorted: 87.5% of the largest box of the network's proportions. The customary way to score on ImageNet (resize the
   * shorter side to 256, cut out the middle 224).
   */
  CENTRE_CROP {
    @Override
    public RgbImage to(RgbImage image, int height, int width) {
      double scale = CROPPED_SHARE * Math.min((double) image.height() / height, (double) image.width() / width);
      int rows = Math.clamp(Math.round(scale * height), 1, image.height());
      int columns = Math.clamp(Math.round(scale * width), 1, image.width());
      int top = (image.height() - rows) / 2;
      int left = (image.width() - columns) / 2;
      var middle = new byte[rows * columns * 3];
      for (int row = 0; row < rows; row++) {
        System.arraycopy(image.rgb(), ((top + row) * image.width() + left) * 3, middle, row * columns * 3, columns * 3);
      }
      return Resize.BILINEAR.to(new RgbImage(rows, columns, middle), height, width);
    }
  };

  private static final double CROPPED_SHARE = 0.875;

  /** The framed image at the network's size. */
  public abstract RgbImage to(RgbImage image, int height, int width);

  /** As on the command line: squash, centre-crop. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
