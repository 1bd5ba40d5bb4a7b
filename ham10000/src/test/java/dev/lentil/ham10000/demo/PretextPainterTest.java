package dev.lentil.ham10000.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.mobilenetv2.image.RgbImage;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PretextPainterTest {
  @Test
  void sameNumberSamePicture() {
    for (int i = 0; i < 2 * PretextPainter.CLASSES; i++) {
      assertArrayEquals(PretextPainter.paint(1, i, 32).rgb(), PretextPainter.paint(1, i, 32).rgb());
      assertFalse(Arrays.equals(PretextPainter.paint(1, i, 32).rgb(), PretextPainter.paint(2, i, 32).rgb()));
    }
  }

  @Test
  void everyRunHoldsEveryClass() {
    assertEquals(PretextPainter.CLASSES, IntStream.range(16, 24).map(PretextPainter::label).distinct().count());
    var names = new HashSet<String>();
    IntStream.range(0, PretextPainter.CLASSES).forEach(label -> names.add(PretextPainter.className(label)));
    assertEquals(PretextPainter.CLASSES, names.size());
  }

  @Test
  void everySizeIsPainted() {
    for (int size : new int[] {1, 17, 64, 200}) {
      assertEquals(size, PretextPainter.paint(1, 3, size).width());
    }
  }

  /** The classes differ in what their names say: texture changes brightness over short distances. */
  @Test
  void texturedPicturesVaryMoreThanPlainOnes() {
    for (var look : List.of("smooth, one colour", "ragged, many colours")) {
      double plain = roughness(look + ", plain");
      double textured = roughness(look + ", textured");
      System.out.println(look + ": roughness " + textured + ", plain " + plain);
      assertTrue(textured > 1.3 * plain, look + ": " + textured + " against " + plain);
    }
  }

  private static double roughness(String name) {
    int label = IntStream.range(0, PretextPainter.CLASSES).filter(l -> PretextPainter.className(l).equals(name))
        .findFirst().orElseThrow();
    return IntStream.range(0, 40)
        .mapToDouble(i -> centreRoughness(PretextPainter.paint(5, (long) PretextPainter.CLASSES * i + label, 64)))
        .average().orElseThrow();
  }

  // Mean absolute second difference along the rows of the middle part, where the pebble is.
  private static double centreRoughness(RgbImage image) {
    double sum = 0;
    int count = 0;
    for (int y = image.width() * 3 / 8; y < image.width() * 5 / 8; y++) {
      for (int x = image.width() * 3 / 8; x < image.width() * 5 / 8; x++) {
        int i = 3 * (y * image.width() + x);
        sum += Math.abs(2 * (image.rgb()[i] & 0xFF) - (image.rgb()[i - 3] & 0xFF) - (image.rgb()[i + 3] & 0xFF));
        count++;
      }
    }
    return sum / count;
  }
}
