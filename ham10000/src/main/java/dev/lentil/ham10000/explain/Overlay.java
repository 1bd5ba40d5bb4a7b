package dev.lentil.ham10000.explain;

import dev.lentil.explain.HeatMap;
import dev.lentil.ham10000.image.Pictures;
import dev.lentil.mobilenetv2.image.RgbImage;
import java.awt.AlphaComposite;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/** A heat map over the image that the network saw. */
public final class Overlay {
  /** Luminance of red, green and blue, Rec. 709. */
  private static final double[] LUMINANCE = {0.2126, 0.7152, 0.0722};

  private Overlay() {}

  /**
   * The map's colours over the image in grey, so that whatever is coloured is the map.
   *
   * @param scale how many times as large as the image
   */
  public static BufferedImage of(RgbImage image, HeatMap map, Scale colours, int scale) {
    var picture = enlarged(grey(image), scale);
    var heat = map.resized(picture.getHeight(), picture.getWidth());
    var layer = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < layer.getHeight(); y++) {
      for (int x = 0; x < layer.getWidth(); x++) {
        layer.setRGB(x, y, colours.over(heat.at(y, x)));
      }
    }
    Graphics2D pen = picture.createGraphics();
    pen.setComposite(AlphaComposite.SrcOver);
    pen.drawImage(layer, 0, 0, null);
    pen.dispose();
    return picture;
  }

  /** The image in the JDK's form, {@code scale} times as large, smooth. */
  public static BufferedImage enlarged(RgbImage image, int scale) {
    var small = Pictures.of(image);
    if (scale == 1) {
      return small;
    }
    var large = new BufferedImage(image.width() * scale, image.height() * scale, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = large.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    pen.drawImage(small, 0, 0, large.getWidth(), large.getHeight(), null);
    pen.dispose();
    return large;
  }

  private static RgbImage grey(RgbImage image) {
    float[] colours = image.values();
    var grey = new byte[colours.length];
    for (int i = 0; i < grey.length; i += 3) {
      byte level = (byte) Math.round(
          LUMINANCE[0] * colours[i] + LUMINANCE[1] * colours[i + 1] + LUMINANCE[2] * colours[i + 2]);
      Arrays.fill(grey, i, i + 3, level);
    }
    return new RgbImage(image.height(), image.width(), grey);
  }
}
