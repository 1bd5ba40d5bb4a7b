package dev.lentil.ham10000.image;

import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegment;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * How a camera says that it was held: the EXIF tag 0x0112 of a JPEG file, 1 for upright, 2 to 8 for mirrored and turned.
 *
 * <p>Source: CIPA DC-008 (Exif 2.32), section 4.6.4 A.
 */
final class Orientation {
  static final int UPRIGHT = 1;
  private static final int LAST = 8;

  private Orientation() {}

  /** 1 to 8; 1 as well where the file says nothing, or nothing that can be read. */
  static int of(byte[] jpeg) {
    try (var stream = new ByteArrayImageInputStream(jpeg)) {
      List<JPEGSegment> exif = JPEGSegmentUtil.readSegments(stream, JPEG.APP1, "Exif");
      if (exif.isEmpty()) {
        return UPRIGHT;
      }
      byte[] data = exif.getFirst().data().readAllBytes();
      // a zero stands between the name and the TIFF structure
      try (var tiff = new ByteArrayImageInputStream(Arrays.copyOfRange(data, 1, data.length))) {
        var entry = new TIFFReader().read(tiff).getEntryById(TIFF.TAG_ORIENTATION);
        return entry != null && entry.getValue() instanceof Number number && number.intValue() >= UPRIGHT
            && number.intValue() <= LAST ? number.intValue() : UPRIGHT;
      }
    } catch (IOException | RuntimeException e) {
      // what a program wrote wrongly there does not make the picture wrong
      return UPRIGHT;
    }
  }
}
