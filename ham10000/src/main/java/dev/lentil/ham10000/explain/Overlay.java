package dev.lentil.ham10000.explain;

import dev.lentil.explain.HeatMap;
import dev.lentil.ham10000.image.RgbImage;
import java.awt.AlphaComposite;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** A heat map over the image that the network saw. */
public final class Overlay {
  /** Luminance of red, green and blue, Rec. 709. */
  private static final double[] LUMINANCE = {0.2126, 0.7152, 0.0722};

  private Overlay() {}

  /** The image in the JDK's form, {@code scale} times as large, smooth. */
  public static BufferedImage enlarged(RgbImage image, int scale) {
    return enlarged(image, scale, false);
  }

  /**
   * The map's colours over the image in grey, so that whatever is coloured is the map.
   *
   * @param scale how many times as large as the image
   */
  public static BufferedImage of(RgbImage image, HeatMap map, Scale colours, int scale) {
    var picture = enlarged(image, scale, true);
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

  private static BufferedImage enlarged(RgbImage image, int scale, boolean grey) {
    var small = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < image.rgb().length / 3; i++) {
      int red = image.rgb()[3 * i] & 0xFF;
      int green = image.rgb()[3 * i + 1] & 0xFF;
      int blue = image.rgb()[3 * i + 2] & 0xFF;
      int level = (int) Math.round(LUMINANCE[0] * red + LUMINANCE[1] * green + LUMINANCE[2] * blue);
      small.setRGB(i % image.width(), i / image.width(),
          grey ? level << 16 | level << 8 | level : red << 16 | green << 8 | blue);
    }
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
}
