package dev.lentil.ham10000.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.explain.HeatMap;
import dev.lentil.mobilenetv2.image.RgbImage;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OverlayTest {
  private static final int HEIGHT = 4;
  private static final int WIDTH = 257;
  private static final int MIDDLE = WIDTH / 2;
  private static final int APART = 8;

  /** Brightness along a map that rises evenly from -1 to 1, over an image of one grey. */
  private static double[] brightness(int grey) {
    var rgb = new byte[HEIGHT * WIDTH * 3];
    Arrays.fill(rgb, (byte) grey);
    double[] values =
        IntStream.range(0, HEIGHT * WIDTH).mapToDouble(i -> (i % WIDTH - MIDDLE) / (double) MIDDLE).toArray();
    var map = new HeatMap(HEIGHT, WIDTH, values);
    var picture = Overlay.of(new RgbImage(HEIGHT, WIDTH, rgb), map, Scale.bothWays(map), 1);
    return IntStream.range(0, WIDTH).map(x -> picture.getRGB(x, 1))
        .mapToDouble(p -> 0.2126 * (p >> 16 & 0xFF) + 0.7152 * (p >> 8 & 0xFF) + 0.0722 * (p & 0xFF)).toArray();
  }

  @Test
  void theWayThroughZeroLeavesNoLine() {
    for (int grey : new int[] {0, 20, 60, 128}) {
      double[] light = brightness(grey);
      assertEquals(grey, light[MIDDLE], 1, "nothing over the image where the map is zero");
      double worst = 0;
      for (int x = APART; x < WIDTH - APART; x++) {
        worst = Math.max(worst, Math.abs(light[x - APART] - 2 * light[x] + light[x + APART]));
      }
      System.out.printf("overlay over grey %d: largest bend within 1/16 of the scale %.1f levels%n", grey, worst);
      // a corner at zero would bend by 22 and more; a smoothstep of 0.72 * 255 levels bends by 4.3, and 8 bits a channel add some
      assertTrue(worst < 8, "over grey " + grey + " the brightness bends by " + worst);
    }
  }

  @Test
  void overADarkImageBothSidesOfZeroBecomeEvenlyBrighter() {
    double[] light = brightness(20);
    for (int x = 1; x <= MIDDLE / 2; x++) {
      assertTrue(light[MIDDLE + x] > light[MIDDLE + x - 1] - 1, "above zero at " + x);
      assertTrue(light[MIDDLE - x] > light[MIDDLE - x + 1] - 1, "below zero at " + x);
    }
  }
}
