package dev.lentil.ham10000.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The ICC profile inside a JPEG file, which decoders apply when they find it.
 *
 * <p>Source: ICC.1:2022, annex B.4 (APP2 segments that begin with {@code ICC_PROFILE} and a zero; a long profile has several of them);
 * ITU-T T.81 annex B (markers).
 */
final class ColourProfile {
  private static final byte[] NAME = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);
  private static final int APP2 = 0xE2;
  private static final int SOS = 0xDA;
  private static final int EOI = 0xD9;
  /** Marker and length. */
  private static final int HEADER = 4;

  private ColourProfile() {}

  /** The file without its profile; the same array when it has none. Broken files are left to the decoder. */
  static byte[] removed(byte[] jpeg) {
    ByteArrayOutputStream rest = null;
    int kept = 0;
    int position = 2;
    while (position + HEADER <= jpeg.length) {
      if ((jpeg[position] & 0xFF) != 0xFF) {
        position++; // stray bytes, which decoders skip as well
        continue;
      }
      int marker = jpeg[position + 1] & 0xFF;
      if (marker == SOS || marker == EOI) {
        break; // profiles come before the samples
      }
      if (marker == 0xFF) {
        position++;
        continue;
      }
      int end = position + 2;
      if (marker != 0 && marker != 0x01 && !(marker >= 0xD0 && marker <= 0xD8)) {
        end += (jpeg[position + 2] & 0xFF) << 8 | jpeg[position + 3] & 0xFF;
      }
      if (end <= jpeg.length && marker == APP2 && named(jpeg, position + HEADER, end)) {
        rest = rest == null ? new ByteArrayOutputStream(jpeg.length) : rest;
        rest.write(jpeg, kept, position - kept);
        kept = end;
      }
      position = end;
    }
    if (rest == null) {
      return jpeg;
    }
    rest.write(jpeg, kept, jpeg.length - kept);
    return rest.toByteArray();
  }

  private static boolean named(byte[] jpeg, int from, int end) {
    return end - from >= NAME.length && Arrays.equals(jpeg, from, from + NAME.length, NAME, 0, NAME.length);
  }
}
