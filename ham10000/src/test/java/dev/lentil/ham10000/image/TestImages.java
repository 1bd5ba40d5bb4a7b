package dev.lentil.ham10000.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
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

  /**
   * A grey PNG of one row, also of depths that Java does not write.
   *
   * @param row its filter's number, 0, and its samples
   */
  static byte[] greyPng(int width, int bits, byte[] row) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeLong(0x89504E470D0A1A0AL);
    chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(1).put((byte) bits).array());
    var deflated = new ByteArrayOutputStream();
    try (var deflater = new DeflaterOutputStream(deflated)) {
      deflater.write(row);
    }
    chunk(out, "IDAT", deflated.toByteArray());
    chunk(out, "IEND", new byte[0]);
    return bytes.toByteArray();
  }

  static void chunk(DataOutputStream out, String type, byte[] data) throws IOException {
    byte[] named = ByteBuffer.allocate(4 + data.length).put(type.getBytes(StandardCharsets.US_ASCII)).put(data).array();
    var sum = new CRC32();
    sum.update(named);
    out.writeInt(data.length);
    out.write(named);
    out.writeInt((int) sum.getValue());
  }
}
