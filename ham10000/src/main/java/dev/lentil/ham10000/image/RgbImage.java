package dev.lentil.ham10000.image;

/**
 * Pixels in memory.
 *
 * @param rgb [height,width,3], unsigned bytes, red first; not copied, so treat it as read-only
 */
public record RgbImage(int height, int width, byte[] rgb) {
  public RgbImage {
    if (height < 1 || width < 1 || rgb.length != (long) height * width * 3) {
      throw new IllegalArgumentException(
          "an image of " + height + "x" + width + " needs " + 3L * height * width + " bytes, not " + rgb.length);
    }
  }
}
