package dev.lentil.mobilenetv2.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewsTest {
  /** Pixels of three different bytes each, no two pixels alike. */
  private static RgbImage image(int height, int width) {
    var rgb = new byte[height * width * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) i;
    }
    return new RgbImage(height, width, rgb);
  }

  /** Its pixels by their number in {@link #image}, a line each. */
  private static String pixels(RgbImage image) {
    return IntStream.range(0, image.height()).mapToObj(y -> IntStream.range(0, image.width()).mapToObj(x -> {
      int at = 3 * (y * image.width() + x);
      byte[] pixel = Arrays.copyOfRange(image.rgb(), at, at + 3);
      assertEquals(pixel[0] + 1, pixel[1]);
      assertEquals(pixel[0] + 2, pixel[2]);
      return Integer.toString(pixel[0] / 3);
    }).collect(Collectors.joining(" "))).collect(Collectors.joining("/"));
  }

  @ParameterizedTest
  @CsvSource({"0,false,false,0 1 2/3 4 5", "0,true,false,2 1 0/5 4 3", "0,false,true,3 4 5/0 1 2",
      "0,true,true,5 4 3/2 1 0", "1,false,false,3 0/4 1/5 2", "1,true,false,0 3/1 4/2 5", "2,false,false,5 4 3/2 1 0",
      "3,false,false,2 5/1 4/0 3"})
  void clockwiseTurnsFirstThenMirrors(int turns, boolean leftToRight, boolean topToBottom, String expected) {
    assertEquals(expected, pixels(new View(turns, leftToRight, topToBottom).of(image(2, 3))));
  }

  @Test
  void otherTurnsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new View(4, false, false));
    assertThrows(IllegalArgumentException.class, () -> new View(-1, false, false));
  }

  @Test
  void eachViewIsAnother() {
    for (var views : Views.values()) {
      int count = views == Views.ONE ? 1 : views == Views.FLIPS ? 4 : 8;
      assertEquals(View.UPRIGHT, views.all().getFirst());
      assertEquals(count, views.all().stream().map(view -> pixels(view.of(image(5, 5)))).distinct().count());
    }
  }

  @Test
  void theFlipsAreAmongTheEight() {
    var eight = Views.DIHEDRAL.all().stream().map(view -> pixels(view.of(image(5, 5)))).collect(Collectors.toSet());
    Views.FLIPS.all().forEach(view -> assertTrue(eight.contains(pixels(view.of(image(5, 5)))), view.toString()));
    assertTrue(Views.DIHEDRAL.needsSquare());
    assertFalse(Views.FLIPS.needsSquare());
  }

  @Test
  void theirNamesAreThoseOfConfigurations() {
    assertEquals(Optional.of(Views.ONE), Views.named("1"));
    assertEquals(Optional.of(Views.FLIPS), Views.named("flips"));
    assertEquals(Optional.of(Views.DIHEDRAL), Views.named("dihedral"));
    assertEquals(Optional.empty(), Views.named("8"));
  }
}
