package dev.lentil.ham10000.image;

import dev.lentil.mobilenetv2.image.RgbImage;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;

/** AWT's images to plain bytes, without AWT's colour conversion, which is slow and would change grey values. */
final class Samples {
  private Samples() {}

  static RgbImage rgb(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
      var bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
      if (bgr.length == height * width * 3) {
        return new RgbImage(height, width, swapped(bgr));
      }
    }
    int space = image.getColorModel().getColorSpace().getType();
    boolean plain = !(image.getColorModel() instanceof IndexColorModel) && !image.isAlphaPremultiplied()
        && (space == ColorSpace.TYPE_RGB || space == ColorSpace.TYPE_GRAY);
    return new RgbImage(height, width, plain ? bands(image) : converted(image));
  }

  private static byte[] swapped(byte[] bgr) {
    var rgb = new byte[bgr.length];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = bgr[i + 2];
      rgb[i + 1] = bgr[i + 1];
      rgb[i + 2] = bgr[i];
    }
    return rgb;
  }

  /** Red, green, blue or grey samples of 8 to 16 bits, as stored. */
  private static byte[] bands(BufferedImage image) {
    var raster = image.getRaster();
    int width = image.getWidth();
    int bands = raster.getNumBands();
    int bits = raster.getSampleModel().getSampleSize(0);
    int green = bands >= 3 ? 1 : 0;
    int blue = bands >= 3 ? 2 : 0;
    var rgb = new byte[image.getHeight() * width * 3];
    var row = new int[width * bands];
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int i = 0; i < row.length; i += bands) {
        rgb[at++] = toByte(row[i], bits);
        rgb[at++] = toByte(row[i + green], bits);
        rgb[at++] = toByte(row[i + blue], bits);
      }
    }
    return rgb;
  }

  private static byte toByte(int sample, int bits) {
    return (byte) (sample >>> bits - 8);
  }

  /** Palettes, for which AWT also takes grey of less than 8 bits, and colour spaces that are neither RGB nor grey. */
  private static byte[] converted(BufferedImage image) {
    int width = image.getWidth();
    var rgb = new byte[image.getHeight() * width * 3];
    var row = new int[width];
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int pixel : row) {
        rgb[at++] = (byte) (pixel >> 16);
        rgb[at++] = (byte) (pixel >> 8);
        rgb[at++] = (byte) pixel;
      }
    }
    return rgb;
  }
}
