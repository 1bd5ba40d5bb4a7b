package dev.lentil.ham10000.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AugmentationTest {
  @Test
  void drawsFillTheirRanges() {
    var stream = Augmentation.stream(42, 1, 3);
    int n = 4000;
    var least = new double[] {9e9, 9e9, 9e9, 9e9, 9e9};
    var most = new double[] {-9e9, -9e9, -9e9, -9e9, -9e9};
    int horizontal = 0;
    int vertical = 0;
    int both = 0;
    for (int sample = 0; sample < n; sample++) {
      var t = Augmentation.DEFAULT.draw(stream, sample, 100, 200);
      var values = new double[] {t.theta(), t.tx(), t.ty(), t.zx(), t.zy()};
      for (int i = 0; i < 5; i++) {
        least[i] = Math.min(least[i], values[i]);
        most[i] = Math.max(most[i], values[i]);
      }
      horizontal += t.flipHorizontal() ? 1 : 0;
      vertical += t.flipVertical() ? 1 : 0;
      both += t.flipHorizontal() && t.flipVertical() ? 1 : 0;
    }
    var ranges = new double[][] {{-20, 20}, {-10, 10}, {-20, 20}, {0.9, 1.1}, {0.9, 1.1}};
    for (int i = 0; i < 5; i++) {
      double width = ranges[i][1] - ranges[i][0];
      assertTrue(least[i] >= ranges[i][0] && least[i] < ranges[i][0] + width / 200,
          "least of " + i + " is " + least[i]);
      assertTrue(most[i] <= ranges[i][1] && most[i] > ranges[i][1] - width / 200, "most of " + i + " is " + most[i]);
    }
    assertEquals(n / 2.0, horizontal, 4 * Math.sqrt(n / 4.0));
    assertEquals(n / 2.0, vertical, 4 * Math.sqrt(n / 4.0));
    assertEquals(n / 4.0, both, 4 * Math.sqrt(n * 3 / 16.0));
  }

  /** Keras draws each shift and the zoom of each axis by itself. */
  @Test
  void shiftsAndZoomsOfTheTwoAxesAreIndependent() {
    var stream = Augmentation.stream(42, 1, 1);
    int n = 4000;
    var drawn = IntStream.range(0, n).mapToObj(sample -> Augmentation.DEFAULT.draw(stream, sample, 100, 100)).toList();
    double shifts = correlation(drawn, Transform::tx, Transform::ty);
    double zooms = correlation(drawn, Transform::zx, Transform::zy);
    assertEquals(0, shifts, 4 / Math.sqrt(n));
    assertEquals(0, zooms, 4 / Math.sqrt(n));
    assertEquals(0, correlation(drawn, Transform::tx, Transform::zx), 4 / Math.sqrt(n));
    assertEquals(0, correlation(drawn, Transform::ty, Transform::zy), 4 / Math.sqrt(n));
  }

  private static double correlation(List<Transform> drawn, ToDoubleFunction<Transform> one,
      ToDoubleFunction<Transform> two) {
    double meanOne = drawn.stream().mapToDouble(one).average().orElseThrow();
    double meanTwo = drawn.stream().mapToDouble(two).average().orElseThrow();
    double both =
        drawn.stream().mapToDouble(t -> (one.applyAsDouble(t) - meanOne) * (two.applyAsDouble(t) - meanTwo)).sum();
    double squaresOne = drawn.stream().mapToDouble(t -> Math.pow(one.applyAsDouble(t) - meanOne, 2)).sum();
    double squaresTwo = drawn.stream().mapToDouble(t -> Math.pow(two.applyAsDouble(t) - meanTwo, 2)).sum();
    return both / Math.sqrt(squaresOne * squaresTwo);
  }

  @Test
  void dependsOnSampleEpochStageAndSeedAlone() {
    var transform = draw(42, 1, 3, 7);
    assertEquals(transform, draw(42, 1, 3, 7));
    assertNotEquals(transform, draw(43, 1, 3, 7));
    assertNotEquals(transform, draw(42, 2, 3, 7));
    assertNotEquals(transform, draw(42, 1, 4, 7));
    assertNotEquals(transform, draw(42, 1, 3, 8));
  }

  private static Transform draw(long seed, int stage, int epoch, long sample) {
    return Augmentation.DEFAULT.draw(Augmentation.stream(seed, stage, epoch), sample, 224, 224);
  }

  @Test
  void noneIsTheIdentity() {
    assertEquals(Transform.IDENTITY, Augmentation.NONE.draw(Augmentation.stream(1, 1, 1), 5, 224, 224));
  }

  @Test
  void turnsAndColoursFillTheirRangesToo() {
    var augmentation = new Augmentation(0, 0, 0, 0, false, false, true, new ColourJitter(0.1, 0.2, 0.3, 0.05));
    var stream = Augmentation.stream(42, 2, 1);
    int n = 4000;
    var turns = new int[4];
    var least = new double[] {9, 9, 9, 9};
    var most = new double[] {-9, -9, -9, -9};
    for (int sample = 0; sample < n; sample++) {
      var t = augmentation.draw(stream, sample, 96, 96);
      turns[t.quarterTurns()]++;
      var colours = t.colours();
      var values = new double[] {colours.brightness(), colours.contrast(), colours.saturation(), colours.hue()};
      for (int i = 0; i < 4; i++) {
        least[i] = Math.min(least[i], values[i]);
        most[i] = Math.max(most[i], values[i]);
      }
    }
    var ranges = new double[][] {{0.9, 1.1}, {0.8, 1.2}, {0.7, 1.3}, {-0.05, 0.05}};
    for (int i = 0; i < 4; i++) {
      double width = ranges[i][1] - ranges[i][0];
      assertEquals(ranges[i][0], least[i], width / 200);
      assertEquals(ranges[i][1], most[i], width / 200);
      assertTrue(least[i] >= ranges[i][0] && most[i] <= ranges[i][1]);
      assertEquals(n / 4.0, turns[i], 4 * Math.sqrt(n * 3 / 16.0));
    }
  }

  @Test
  void coloursOutOfRangeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ColourJitter(1, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new ColourJitter(0, Double.NaN, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new ColourJitter(0, 0, 1.5, 0));
    assertThrows(IllegalArgumentException.class, () -> new ColourJitter(0, 0, 0, 0.6));
  }

  @Test
  void magnitudesOutOfRangeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Augmentation.of(181, 0, 0, 0, false, false));
    assertThrows(IllegalArgumentException.class, () -> Augmentation.of(0, 1, 0, 0, false, false));
    assertThrows(IllegalArgumentException.class, () -> Augmentation.of(0, 0, -0.1, 0, false, false));
    assertThrows(IllegalArgumentException.class, () -> Augmentation.of(0, 0, 0, Double.NaN, false, false));
  }
}
