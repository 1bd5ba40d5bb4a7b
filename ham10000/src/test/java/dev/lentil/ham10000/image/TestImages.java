package dev.lentil.ham10000.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.metadata.IIOMetadataNode;

/** Small image files drawn by tests. */
public final class TestImages {
  private TestImages() {}

  /** A smooth colour picture, another for every {@code variant}. */
  public static BufferedImage picture(int height, int width, int type, int variant) {
    var image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int red = 60 + 150 * y / height;
        int green = 40 + 170 * x / width;
        int blue = (variant * 37 + 100 * (x + y) / (height + width)) & 0xFF;
        image.setRGB(x, y, 0xFF000000 | red << 16 | green << 8 | blue);
      }
    }
    return image;
  }

  /** Such a picture as the bytes of a baseline JPEG file. */
  public static byte[] jpeg(int height, int width, int variant) {
    return jpeg(picture(height, width, BufferedImage.TYPE_3BYTE_BGR, variant), ImageWriteParam.MODE_DISABLED);
  }

  /** @param progressive {@link ImageWriteParam#MODE_DEFAULT} or {@link ImageWriteParam#MODE_DISABLED} */
  static byte[] jpeg(BufferedImage image, int progressive) {
    return jpeg(image, progressive, 0);
  }

  /** @param restartInterval blocks of samples between two restart markers; 0 for none */
  static byte[] jpeg(BufferedImage image, int progressive, int restartInterval) {
    var bytes = new ByteArrayOutputStream();
    var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (var out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      var how = writer.getDefaultWriteParam();
      how.setProgressiveMode(progressive);
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality(0.95f);
      var metadata = writer.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(image), how);
      if (restartInterval > 0) {
        var format = metadata.getNativeMetadataFormatName();
        var root = (IIOMetadataNode) metadata.getAsTree(format);
        var restarts = new IIOMetadataNode("dri");
        restarts.setAttribute("interval", String.valueOf(restartInterval));
        root.getElementsByTagName("markerSequence").item(0).appendChild(restarts);
        metadata.setFromTree(format, root);
      }
      writer.write(null, new IIOImage(image, null, metadata), how);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  public static byte[] png(BufferedImage image) {
    var bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
