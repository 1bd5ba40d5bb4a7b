package dev.lentil.ham10000.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.testing.SharedData;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {
  private static final byte[] PICTURE = TestImages.jpeg(8, 16, 0);

  /** The picture with an APP1 segment of this content right behind its first marker. */
  private static byte[] with(byte[] content) {
    var bytes = new ByteArrayOutputStream();
    bytes.write(PICTURE, 0, 2);
    bytes.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xE1, 0, (byte) (content.length + 2)});
    bytes.writeBytes(content);
    bytes.write(PICTURE, 2, PICTURE.length - 2);
    return bytes.toByteArray();
  }

  /** A PNG picture with an eXIf chunk of this content right before its end. */
  private static byte[] pngWith(byte[] exif) throws IOException {
    byte[] png = TestImages.png(TestImages.picture(8, 16, BufferedImage.TYPE_INT_RGB, 0));
    int end = png.length - 12;
    var bytes = new ByteArrayOutputStream();
    bytes.write(png, 0, end);
    TestImages.chunk(new DataOutputStream(bytes), "eXIf", exif);
    bytes.write(png, end, 12);
    return bytes.toByteArray();
  }

  /** A TIFF structure of either byte order whose only entry is 0x0112, SHORT. */
  private static byte[] exif(boolean littleEndian, int orientation) {
    String tiff = littleEndian
        ? "49492a00 08000000 0100 1201 0300 01000000 %02x000000 00000000"
        : "4d4d002a 00000008 0001 0112 0003 00000001 00%02x0000 00000000";
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(HexFormat.of().parseHex(tiff.formatted(orientation).replace(" ", "")));
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 3", "6, 6", "8, 8", "0, 1", "9, 1"})
  void asTheFileSays(int tag, int orientation) throws IOException {
    assertEquals(orientation, Orientation.of(with(exif(true, tag))));
    assertEquals(orientation, Orientation.of(with(exif(false, tag))));
    // in a PNG without the name of the segment
    byte[] exif = exif(false, tag);
    assertEquals(orientation, Orientation.of(pngWith(Arrays.copyOfRange(exif, 6, exif.length))));
  }

  @Test
  void whatSaysNothingIsUpright() throws IOException {
    assertEquals(1, Orientation.of(PICTURE));
    byte[] broken = exif(true, 6);
    for (int length = 6; length < broken.length - 6; length++) {
      assertEquals(1, Orientation.of(with(Arrays.copyOf(broken, length))));
    }
    byte[] png = pngWith(Arrays.copyOfRange(broken, 6, broken.length));
    for (int length = 0; length < png.length - 12 - 4; length++) {
      assertEquals(1, Orientation.of(Arrays.copyOf(png, length)));
    }
    ByteBuffer.wrap(png).putInt(8, Integer.MAX_VALUE);
    assertEquals(1, Orientation.of(png));
    ByteBuffer.wrap(png).putInt(8, -12);
    assertEquals(1, Orientation.of(png));
  }

  @Test
  void aPhotographThatIsStoredTurned() throws IOException {
    assertEquals(6, Orientation.of(Files.readAllBytes(SharedData.require("photos/n02951585_can_opener.JPEG"))));
  }
}
