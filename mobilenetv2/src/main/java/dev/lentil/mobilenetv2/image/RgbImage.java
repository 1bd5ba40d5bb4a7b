package dev.lentil.mobilenetv2.image;

/**
 * Pixels in memory.
 *
 * @param rgb [height,width,3], unsigned bytes, red first; not copied, so treat it as read-only
 */
public record RgbImage(int height, int width, byte[] rgb) {
  public RgbImage {
    requireSize(height, width);
    if (rgb.length != (long) height * width * 3) {
      throw new IllegalArgumentException(
          "an image of " + height + "x" + width + " needs " + 3L * height * width + " bytes, not " + rgb.length);
    }
  }

  /**
   * Of pixels as {@code BufferedImage.getRGB} gives them.
   *
   * @param argb [height,width] pixels {@code 0xAARRGGBB}; alpha is ignored
   * @throws IllegalArgumentException if there are more or fewer
   */
  public static RgbImage ofArgb(int height, int width, int[] argb) {
    requireSize(height, width);
    if (argb.length != (long) height * width) {
      throw new IllegalArgumentException("got " + argb.length + " pixels, but an image of " + height + "x" + width
          + " has " + (long) height * width);
    }
    if (argb.length > (Integer.MAX_VALUE - 8) / 3) {
      throw new IllegalArgumentException("an image of " + height + "x" + width + " needs " + 3L * argb.length
          + " bytes, more than one array can hold; make it smaller first");
    }
    var rgb = new byte[3 * argb.length];
    for (int i = 0; i < argb.length; i++) {
      rgb[3 * i] = (byte) (argb[i] >> 16);
      rgb[3 * i + 1] = (byte) (argb[i] >> 8);
      rgb[3 * i + 2] = (byte) argb[i];
    }
    return new RgbImage(height, width, rgb);
  }

  /** [height,width] pixels {@code 0xFFRRGGBB}, as {@link #ofArgb} takes them and {@code BufferedImage.setRGB} does. */
  public int[] argb() {
    var argb = new int[rgb.length / 3];
    for (int i = 0; i < argb.length; i++) {
      argb[i] = 0xFF << 24 | (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | rgb[3 * i + 2] & 0xFF;
    }
    return argb;
  }

  private static void requireSize(int height, int width) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "an image of " + height + "x" + width + ": height and width must be at least 1");
    }
  }

  /** [height,width,3] values of 0 to 255. */
  public float[] values() {
    var values = new float[rgb.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = rgb[i] & 0xFF;
    }
    return values;
  }

  /** Means of red, green and blue, 0 to 255. */
  public double[] meanColour() {
    var mean = new double[3];
    for (int i = 0; i < rgb.length; i++) {
      mean[i % 3] += rgb[i] & 0xFF;
    }
    for (int c = 0; c < 3; c++) {
      mean[c] /= rgb.length / 3.0;
    }
    return mean;
  }
}
