package dev.lentil.ham10000.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.explain.HeatMap;
import org.junit.jupiter.api.Test;

class ColourMapTest {
  private static final int STEPS = 64;

  /** OKLab's lightness of an sRGB colour, from scratch. */
  private static double lightness(int rgb) {
    double[] c = new double[3];
    for (int i = 0; i < 3; i++) {
      double v = (rgb >> 16 - 8 * i & 0xFF) / 255.0;
      c[i] = v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }
    double l = Math.cbrt(0.4122214708 * c[0] + 0.5363325363 * c[1] + 0.0514459929 * c[2]);
    double m = Math.cbrt(0.2119034982 * c[0] + 0.6806995451 * c[1] + 0.1073969566 * c[2]);
    double s = Math.cbrt(0.0883024619 * c[0] + 0.2817188376 * c[1] + 0.6299787005 * c[2]);
    return 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
  }

  @Test
  void equalStepsAreEqualStepsOfLightness() {
    double worst = 0;
    for (int i = 0; i <= STEPS; i++) {
      double t = (double) i / STEPS;
      worst = Math.max(worst, Math.abs(lightness(ColourMap.SEQUENTIAL.rgb(t)) - (0.28 + 0.66 * t)));
      worst = Math.max(worst,
          Math.abs(lightness(ColourMap.DIVERGING.rgb(t)) - (0.97 - 0.39 * Math.abs(2 * t - 1))));
    }
    System.out.printf("colour maps, lightness against what it should be: worst error %.1e%n", worst);
    // eight bits a channel
    assertTrue(worst < 0.005, "worst error " + worst);
  }

  @Test
  void theEndsHoldBeyondThemAndDiffer() {
    for (ColourMap map : ColourMap.values()) {
      assertEquals(map.rgb(0), map.rgb(-3));
      assertEquals(map.rgb(1), map.rgb(9));
      assertTrue(map.rgb(0) != map.rgb(1));
    }
  }

  @Test
  void nothingIsTransparentAndTheStrongestIsNot() {
    var both = Scale.bothWays(new HeatMap(1, 2, new double[] {-1, 0.5}));
    assertEquals(1, both.high());
    assertEquals(0, both.over(0) >>> 24);
    assertTrue((both.over(1) >>> 24) > (both.over(0.5) >>> 24));
    assertEquals(both.over(1) >>> 24, both.over(-1) >>> 24);
    var nothing = Scale.bothWays(new HeatMap(1, 1, new double[] {0}));
    assertEquals(ColourMap.DIVERGING.rgb(0.5), nothing.rgb(0));
    assertThrows(IllegalArgumentException.class, () -> new Scale(ColourMap.DIVERGING, 1, 1));
  }
}
