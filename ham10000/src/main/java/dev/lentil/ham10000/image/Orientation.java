package dev.lentil.ham10000.image;

import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegment;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * How a camera says that it was held: the EXIF tag 0x0112 of a JPEG or PNG file, 1 for upright, 2 to 8 for mirrored and
 * turned.
 *
 * <p>Source: CIPA DC-008 (Exif 2.32), section 4.6.4 A; PNG specification (third edition), section 11.3.4.3 (eXIf).
 */
final class Orientation {
  static final int UPRIGHT = 1;
  private static final int LAST = 8;
  private static final byte[] NONE = {};
  private static final long PNG = 0x89504E470D0A1A0AL;
  private static final int PNG_START = Long.BYTES;
  /** "eXIf". */
  private static final int EXIF_CHUNK = 0x65584966;

  private Orientation() {}

  /** 1 to 8; 1 as well where the file says nothing, or nothing that can be read. */
  static int of(byte[] image) {
    try {
      byte[] exif = isPng(image) ? ofPng(image) : ofJpeg(image);
      if (exif.length == 0) {
        return UPRIGHT;
      }
      try (var tiff = new ByteArrayImageInputStream(exif)) {
        var entry = new TIFFReader().read(tiff).getEntryById(TIFF.TAG_ORIENTATION);
        return entry != null && entry.getValue() instanceof Number number && number.intValue() >= UPRIGHT
            && number.intValue() <= LAST ? number.intValue() : UPRIGHT;
      }
    } catch (IOException | RuntimeException e) {
      // what a program wrote wrongly there does not make the picture wrong
      return UPRIGHT;
    }
  }

  /** The TIFF structure that holds the tags; empty if there is none. */
  private static byte[] ofJpeg(byte[] jpeg) throws IOException {
    try (var stream = new ByteArrayImageInputStream(jpeg)) {
      List<JPEGSegment> exif = JPEGSegmentUtil.readSegments(stream, JPEG.APP1, "Exif");
      if (exif.isEmpty()) {
        return NONE;
      }
      byte[] data = exif.getFirst().data().readAllBytes();
      // a zero stands between the name and the TIFF structure
      return Arrays.copyOfRange(data, 1, data.length);
    }
  }

  /** As {@link #ofJpeg}; a chunk is its length, its name, its data and their checksum. */
  private static byte[] ofPng(byte[] png) {
    ByteBuffer chunks = ByteBuffer.wrap(png).position(PNG_START);
    while (chunks.remaining() > 2 * Integer.BYTES) {
      int length = chunks.getInt();
      int name = chunks.getInt();
      if (length < 0 || length > chunks.remaining()) {
        return NONE;
      }
      int end = chunks.position() + length;
      if (name == EXIF_CHUNK) {
        return Arrays.copyOfRange(png, chunks.position(), end);
      }
      chunks.position(end + Integer.BYTES);
    }
    return NONE;
  }

  private static boolean isPng(byte[] image) {
    return image.length > PNG_START && ByteBuffer.wrap(image).getLong() == PNG;
  }
}
