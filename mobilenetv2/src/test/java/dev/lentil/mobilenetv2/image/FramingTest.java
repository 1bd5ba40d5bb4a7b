package dev.lentil.mobilenetv2.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FramingTest {
  /** Red tells the row, green the column. */
  private static RgbImage coordinates(int height, int width) {
    var rgb = new byte[height * width * 3];
    for (int i = 0; i < height * width; i++) {
      rgb[3 * i] = (byte) (i / width);
      rgb[3 * i + 1] = (byte) (i % width);
    }
    return new RgbImage(height, width, rgb);
  }

  @Test
  void theMiddleIsCutOut() {
    // 16x32 for 14x14: covers 16x16 as it is, so row 1 and column 9 come first
    RgbImage middle = Framing.CENTRE_CROP.to(coordinates(16, 32), 14, 14);
    assertEquals(14, middle.width());
    assertEquals(1, middle.rgb()[0]);
    assertEquals(9, middle.rgb()[1]);
    assertEquals(14, middle.rgb()[middle.rgb().length - 3]);
    assertEquals(22, middle.rgb()[middle.rgb().length - 2]);
    RgbImage tall = Framing.CENTRE_CROP.to(coordinates(32, 16), 14, 14);
    assertEquals(9, tall.rgb()[0]);
    assertEquals(1, tall.rgb()[1]);
    // 16x32 for a network of the same proportions
    RgbImage wide = Framing.CENTRE_CROP.to(coordinates(16, 32), 14, 28);
    assertEquals(1, wide.rgb()[0]);
    assertEquals(2, wide.rgb()[1]);
  }

  @Test
  void squashingIsResizing() {
    RgbImage image = coordinates(16, 32);
    assertArrayEquals(Resize.BILINEAR.to(image, 7, 5).rgb(), Framing.SQUASH.to(image, 7, 5).rgb());
    assertEquals(27, Framing.CENTRE_CROP.to(coordinates(1, 1), 3, 3).rgb().length);
  }

  @Test
  void autoSquashesUpToAFifthAndCropsBeyond() {
    RgbImage slight = coordinates(10, 12);
    assertArrayEquals(Framing.SQUASH.to(slight, 8, 8).rgb(), Framing.AUTO.to(slight, 8, 8).rgb());
    RgbImage wide = coordinates(10, 13);
    assertArrayEquals(Framing.CENTRE_CROP.to(wide, 8, 8).rgb(), Framing.AUTO.to(wide, 8, 8).rgb());
    RgbImage tall = coordinates(13, 10);
    assertArrayEquals(Framing.CENTRE_CROP.to(tall, 8, 8).rgb(), Framing.AUTO.to(tall, 8, 8).rgb());
  }

  /** The middle alone is made: all of it would have 224x224 times as many pixels, which no array holds. */
  @ParameterizedTest
  @CsvSource({"1, 50000", "50000, 1", "2, 70001"})
  void aLongStripIsCutBeforeItIsMade(int height, int width) {
    for (Framing framing : Framing.values()) {
      var strip = new byte[height * width * 3];
      Arrays.fill(strip, (byte) 200);
      for (byte value : framing.to(new RgbImage(height, width, strip), 224, 224).rgb()) {
        assertEquals((byte) 200, value);
      }
    }
  }

  @Test
  void theMiddleIsThatOfTheWhole() {
    RgbImage image = ResizeTest.pattern(61, 83);
    RgbImage whole = Resize.BILINEAR.to(image, 101, 137);
    RgbImage middle = Resize.middle(image, 101, 137, 40, 50);
    for (int row = 0; row < 40; row++) {
      // half of 61 and of 87 rows and columns are left over; halves go to the even number
      int from = ((30 + row) * 137 + 44) * 3;
      assertArrayEquals(Arrays.copyOfRange(whole.rgb(), from, from + 150),
          Arrays.copyOfRange(middle.rgb(), row * 150, row * 150 + 150));
    }
  }
}
