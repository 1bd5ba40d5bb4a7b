package dev.lentil.ham10000.image;

import dev.lentil.mobilenetv2.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** Pixels for people to look at: in the JDK's form, and as files. */
public final class Pictures {
  private Pictures() {}

  /** An image in the JDK's form. */
  public static BufferedImage of(RgbImage image) {
    var picture = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    picture.setRGB(0, 0, image.width(), image.height(), image.argb(), 0, image.width());
    return picture;
  }

  /** The content of a PNG file. */
  public static byte[] png(BufferedImage picture) {
    return file(picture, "png");
  }

  /** The content of a JPEG file. */
  public static byte[] jpeg(BufferedImage picture) {
    return file(picture, "jpeg");
  }

  private static byte[] file(BufferedImage picture, String format) {
    var bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(picture, format, bytes)) {
        throw new IllegalStateException("this Java cannot write pictures as " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
