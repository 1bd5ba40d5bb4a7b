package dev.lentil.mobilenetv2.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.json.Json;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizeTest {
  /** The first 16 digits of the SHA-256 of the pixels that Pillow 12.3.0 gives, bilinear and nearest. */
  @ParameterizedTest
  @CsvSource({
      "45,60,22,22,06b2daadd436fdb0,33ad6ebc9ea1e5aa",
      "30,40,64,64,dd847b3f87fa1077,34862671d658cfc9",
      "150,200,224,224,f583b850014ab57d,5738dad70e94f926",
      "450,600,224,224,6d46067f614a7513,033ba643e73ef765",
      "17,5,5,17,10a32b5c8185b32d,fe7c3a45a45b819f",
      "1,1,8,8,e7d063da3ba19545,e7d063da3ba19545",
      "224,224,224,224,d3d71ea759ecf048,d3d71ea759ecf048",
      "100,224,224,224,dfb7517243e08d63,e47c819b20c48d91",
      "33,7,1,1,50932f62e827bfcd,c02d49e0e8aee53a",
      "31,224,97,96,4de80a08ddabfd6b,e6f2c58682b4cfad"
  })
  void agreesWithPillowInEveryByte(int height, int width, int toHeight, int toWidth, String bilinear, String nearest) {
    var image = pattern(height, width);
    assertEquals(bilinear, digest(Resize.BILINEAR.to(image, toHeight, toWidth).rgb()));
    assertEquals(nearest, digest(Resize.NEAREST.to(image, toHeight, toWidth).rgb()));
  }

  @ParameterizedTest
  @CsvSource({"BILINEAR,pil_resize_bilinear", "NEAREST,pil_resize_nearest"})
  void goldenVectors(Resize resize, String name) throws IOException {
    var golden = (Map<?, ?>) ((Map<?, ?>) Json
        .parse(Files.readString(SharedData.require("reference/keras_golden_vectors.json")))).get(name);
    var result = resize.to(new RgbImage(6, 8, bytes(golden.get("src_h6_w8"))), 3, 3);
    assertArrayEquals(bytes(golden.get("dst_h3_w3")), result.rgb());
  }

  @Test
  void sameSizeIsTheSameImage() {
    var image = pattern(5, 9);
    assertSame(image, Resize.BILINEAR.to(image, 5, 9));
  }

  @Test
  void whatNoArrayHoldsIsRefusedWithItsSize() {
    var strip = new RgbImage(700_000, 1, new byte[2_100_000]);
    assertTooLarge("700000x1", "700000x1024", () -> Resize.BILINEAR.to(strip, 224, 1024));
    for (var resize : Resize.values()) {
      assertTooLarge("1x1", "40000x40000", () -> resize.to(pattern(1, 1), 40_000, 40_000));
    }
  }

  private static void assertTooLarge(String image, String onTheWay, Executable resize) {
    var message = assertThrows(IllegalArgumentException.class, resize).getMessage();
    assertTrue(message.startsWith("an image of " + image + " cannot be resized"), message);
    assertTrue(message.contains(onTheWay + " pixels") && message.endsWith("make it smaller first"), message);
  }

  @Test
  void whiteStaysWhite() {
    var white = new byte[301 * 403 * 3];
    Arrays.fill(white, (byte) 255);
    for (var resize : Resize.values()) {
      for (byte value : resize.to(new RgbImage(301, 403, white), 64, 500).rgb()) {
        assertEquals((byte) 255, value);
      }
    }
  }

  static RgbImage pattern(int height, int width) {
    var rgb = new byte[height * width * 3];
    int at = 0;
    for (int r = 0; r < height; r++) {
      for (int c = 0; c < width; c++) {
        for (int k = 0; k < 3; k++) {
          rgb[at++] = (byte) (r * r * 7 + c * c * 13 + k * 101 + r * c * 3);
        }
      }
    }
    return new RgbImage(height, width, rgb);
  }

  private static byte[] bytes(Object nested) {
    var numbers = flatten(nested).toList();
    var result = new byte[numbers.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = numbers.get(i).byteValue();
    }
    return result;
  }

  private static Stream<Number> flatten(Object nested) {
    return nested instanceof List<?> list ? list.stream().flatMap(ResizeTest::flatten) : Stream.of((Number) nested);
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
