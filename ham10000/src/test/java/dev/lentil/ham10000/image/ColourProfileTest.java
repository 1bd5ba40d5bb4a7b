package dev.lentil.ham10000.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.api.Test;

class ColourProfileTest {
  private static final byte[] LINEAR = profile(ColorSpace.CS_LINEAR_RGB);
  private static final int MOST = 65_519;

  private static byte[] profile(int space) {
    return ICC_Profile.getInstance(space).getData();
  }

  /** The primaries' columns go round: red is taken for green, green for blue. */
  private static byte[] swapped() {
    byte[] profile = profile(ColorSpace.CS_sRGB);
    for (int tag = 132; tag < 132 + 12 * profile[131]; tag += 12) {
      switch (new String(profile, tag, 4, StandardCharsets.US_ASCII)) {
        case "rXYZ" -> profile[tag] = 'g';
        case "gXYZ" -> profile[tag] = 'b';
        case "bXYZ" -> profile[tag] = 'r';
        default -> {}
      }
    }
    return profile;
  }

  /** The file with a profile in segments of at most {@code size} bytes, behind its first segment, where programs write it. */
  private static byte[] with(byte[] jpeg, byte[] profile, int size) {
    int behind = 4 + ((jpeg[4] & 0xFF) << 8 | jpeg[5] & 0xFF);
    var file = new ByteArrayOutputStream();
    file.write(jpeg, 0, behind);
    int count = Math.ceilDiv(profile.length, size);
    for (int i = 0; i < count; i++) {
      byte[] part = Arrays.copyOfRange(profile, i * size, Math.min(profile.length, (i + 1) * size));
      int length = 2 + 12 + 2 + part.length;
      file.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xE2, (byte) (length >> 8), (byte) length});
      file.writeBytes("ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII));
      file.writeBytes(new byte[] {(byte) (i + 1), (byte) count});
      file.writeBytes(part);
    }
    file.write(jpeg, behind, jpeg.length - behind);
    return file.toByteArray();
  }

  private static byte[] decoded(byte[] jpeg) {
    return ImageDecoder.decode(jpeg, "a.jpg").rgb();
  }

  @Test
  void samplesAreTakenAsStoredWhateverTheProfileSays() {
    byte[] baseline = TestImages.jpeg(45, 60, 1);
    byte[] progressive =
        TestImages.jpeg(TestImages.picture(45, 60, BufferedImage.TYPE_3BYTE_BGR, 2), ImageWriteParam.MODE_DEFAULT);
    for (byte[] jpeg : new byte[][] {baseline, progressive}) {
      for (byte[] profile : new byte[][] {LINEAR, swapped(), profile(ColorSpace.CS_sRGB)}) {
        assertArrayEquals(decoded(jpeg), decoded(with(jpeg, profile, MOST)));
      }
    }
    byte[] grey =
        TestImages.jpeg(TestImages.picture(45, 60, BufferedImage.TYPE_BYTE_GRAY, 0), ImageWriteParam.MODE_DISABLED);
    assertArrayEquals(decoded(grey), decoded(with(grey, profile(ColorSpace.CS_GRAY), MOST)));
  }

  @Test
  void aProfileInSeveralSegmentsIsLeftOutWhole() {
    byte[] jpeg = TestImages.jpeg(45, 60, 1);
    byte[] large = Arrays.copyOf(LINEAR, 150_000); // what lies behind the last tag is not looked at
    large[0] = 0;
    large[1] = (byte) (large.length >> 16);
    large[2] = (byte) (large.length >> 8);
    large[3] = (byte) large.length;
    for (byte[] file : new byte[][] {with(jpeg, LINEAR, 100), with(jpeg, large, MOST)}) {
      assertTrue(file.length > jpeg.length);
      assertArrayEquals(jpeg, ColourProfile.removed(file));
      assertArrayEquals(decoded(jpeg), decoded(file));
    }
  }

  @Test
  void allElseStays() {
    byte[] jpeg = TestImages.jpeg(45, 60, 1);
    assertSame(jpeg, ColourProfile.removed(jpeg), "no profile");
    byte[] other = with(jpeg, LINEAR, MOST);
    int at = new String(other, StandardCharsets.ISO_8859_1).indexOf("ICC_PROFILE");
    other[at] = 'X';
    assertSame(other, ColourProfile.removed(other), "another APP2 segment");
    byte[] whole = with(jpeg, LINEAR, MOST);
    for (int length = 3; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertTrue(ColourProfile.removed(cut).length <= length, "a file cut anywhere is no error here");
    }
  }
}
