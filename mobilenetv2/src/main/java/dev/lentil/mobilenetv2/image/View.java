package dev.lentil.mobilenetv2.image;

/**
 * One way to show an image: turned, then mirrored. Pixels change places and nothing else.
 *
 * @param quarterTurns clockwise, 0 to 3
 * @param leftToRight whether left and right are interchanged
 * @param topToBottom whether above and below are interchanged
 */
public record View(int quarterTurns, boolean leftToRight, boolean topToBottom) {
  /** The image as it is. */
  public static final View UPRIGHT = new View(0, false, false);

  public View {
    if (quarterTurns < 0 || quarterTurns > 3) {
      throw new IllegalArgumentException(quarterTurns + " quarter turns; give 0 to 3");
    }
  }

  /** The image seen so; after one or three quarter turns its height and width are interchanged. */
  public RgbImage of(RgbImage image) {
    RgbImage turned = image;
    for (int turn = 0; turn < quarterTurns; turn++) {
      turned = quarterTurned(turned);
    }
    return leftToRight || topToBottom ? mirrored(turned) : turned;
  }

  private static RgbImage quarterTurned(RgbImage image) {
    int height = image.width();
    int width = image.height();
    var rgb = new byte[image.rgb().length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        copyPixel(image, width - 1 - x, y, rgb, y * width + x);
      }
    }
    return new RgbImage(height, width, rgb);
  }

  private RgbImage mirrored(RgbImage image) {
    int height = image.height();
    int width = image.width();
    var rgb = new byte[image.rgb().length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        copyPixel(image, topToBottom ? height - 1 - y : y, leftToRight ? width - 1 - x : x, rgb, y * width + x);
      }
    }
    return new RgbImage(height, width, rgb);
  }

  private static void copyPixel(RgbImage from, int y, int x, byte[] to, int pixel) {
    System.arraycopy(from.rgb(), 3 * (y * from.width() + x), to, 3 * pixel, 3);
  }
}
