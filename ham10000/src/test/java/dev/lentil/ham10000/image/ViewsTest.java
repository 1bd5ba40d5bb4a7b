package dev.lentil.ham10000.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.image.Normalization;
import dev.lentil.mobilenetv2.InputScaling;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ViewsTest {
  private static final int SIDE = 5;

  private static String shown(Transform view) {
    var rgb = new byte[SIDE * SIDE * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) i;
    }
    var out = new float[rgb.length];
    view.apply(rgb, SIDE, SIDE, Normalization.of(InputScaling.ZERO_TO_ONE), out, 0);
    var pixels = new int[out.length];
    for (int i = 0; i < out.length; i++) {
      pixels[i] = Math.round(out[i] * 255);
    }
    return Arrays.toString(pixels);
  }

  @Test
  void eachViewIsAnother() {
    for (var views : Views.values()) {
      int count = views == Views.ONE ? 1 : views == Views.FLIPS ? 4 : 8;
      assertEquals(Transform.IDENTITY, views.transforms().getFirst());
      assertEquals(count, views.transforms().stream().map(ViewsTest::shown).distinct().count());
    }
  }

  @Test
  void theFlipsAreAmongTheEight() {
    var eight = Views.DIHEDRAL.transforms().stream().map(ViewsTest::shown).collect(Collectors.toSet());
    Views.FLIPS.transforms().forEach(view -> assertTrue(eight.contains(shown(view)), view.toString()));
    assertTrue(Views.DIHEDRAL.needsSquare());
    assertFalse(Views.FLIPS.needsSquare());
  }
}
