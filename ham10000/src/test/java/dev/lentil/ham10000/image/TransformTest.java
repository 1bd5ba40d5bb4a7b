package dev.lentil.ham10000.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.image.Normalization;
import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.image.RgbImage;
import dev.lentil.mobilenetv2.image.View;
import dev.lentil.mobilenetv2.image.Views;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransformTest {
  @Test
  void goldenVector() throws IOException {
    var vectors = (Map<?, ?>) Json.parse(Files.readString(SharedData.require("reference/keras_golden_vectors.json")));
    var golden = (Map<?, ?>) vectors.get("affine");
    var parameters = (Map<?, ?>) golden.get("params");
    var transform = Transform.of(number(parameters, "theta"), number(parameters, "tx"), number(parameters, "ty"),
        number(parameters, "zx"),
        number(parameters, "zy"), false, false);
    var x = numbers(golden.get("x"));
    var y = numbers(golden.get("y"));
    var rgb = new byte[6 * 5 * 3];
    for (int i = 0; i < x.length; i++) {
      Arrays.fill(rgb, 3 * i, 3 * i + 3, (byte) x[i]);
    }
    var out = new float[rgb.length];
    transform.apply(rgb, 6, 5, Normalization.of(InputScaling.ZERO_TO_ONE), out, 0);
    double worst = 0;
    for (int i = 0; i < out.length; i++) {
      worst = Math.max(worst, Math.abs(out[i] * 255 - y[i / 3]));
    }
    System.out.println("affine golden vector: worst error " + worst + " of values up to 60");
    assertTrue(worst < 1e-4, "worst error " + worst);
  }

  /** Twelve cases by Keras: sizes square and not, one row only, flips, quarter turn, zoom or shift alone. */
  @Test
  void agreesWithKeras() throws IOException {
    List<String> lines;
    try (var in = TransformTest.class.getResourceAsStream("keras_affine.txt")) {
      lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).toList();
    }
    assertEquals(24, lines.size());
    for (int i = 0; i < lines.size(); i += 2) {
      var p = Arrays.stream(lines.get(i).split(" ")).mapToDouble(Double::parseDouble).toArray();
      var expected = Arrays.stream(lines.get(i + 1).split(" ")).mapToDouble(Double::parseDouble).toArray();
      int height = (int) p[0];
      int width = (int) p[1];
      var out = new float[expected.length + 2];
      Transform.of(p[2], p[3], p[4], p[5], p[6], p[7] == 1, p[8] == 1)
          .apply(kerasPattern(height, width), height, width, Normalization.of(InputScaling.ZERO_TO_ONE), out, 1);
      double worst = 0;
      for (int k = 0; k < expected.length; k++) {
        worst = Math.max(worst, Math.abs(out[k + 1] * 255 - expected[k]));
      }
      System.out.println("Keras affine " + lines.get(i) + ": worst error " + worst + " of values up to 255");
      assertTrue(worst < 2e-4, "worst error " + worst);
      assertEquals(0, out[0]);
      assertEquals(0, out[out.length - 1]);
    }
  }

  /** The fast path without clamping against the path that clamps every pixel, on a size where most pixels take the fast one. */
  @Test
  void interiorAgreesWithClampedEverywhere() {
    int height = 61;
    int width = 61;
    var rgb = kerasPattern(height, width);
    var stream = Augmentation.stream(3, 0, 0);
    double worst = 0;
    for (int sample = 0; sample < 40; sample++) {
      var transform = Augmentation.DEFAULT.draw(stream, sample, height, width);
      var out = new float[rgb.length];
      transform.apply(rgb, height, width, Normalization.of(InputScaling.ZERO_TO_ONE), out, 0);
      var m = transform.inputCoordinates(height, width);
      for (int r = 0; r < height; r++) {
        for (int c = 0; c < width; c++) {
          int at = ((transform.flipVertical() ? height - 1 - r : r) * width
              + (transform.flipHorizontal() ? width - 1 - c : c)) * 3;
          for (int k = 0; k < 3; k++) {
            worst = Math.max(worst, Math.abs(out[at + k] * 255 - sampled(rgb, height, width, m, r, c, k)));
          }
        }
      }
    }
    System.out.println("augmentation against plain sampling in double: worst error " + worst + " of values up to 255");
    assertTrue(worst < 2e-4, "worst error " + worst);
  }

  /** Angles whose sine or cosine is nearly zero, with whole shifts: coordinates fall on the last row and column, give or take rounding. */
  @Test
  void quarterTurnsStayInside() {
    double worst = 0;
    for (int side : new int[] {2, 3, 61, 96, 224}) {
      var rgb = kerasPattern(side, side);
      for (double theta : new double[] {90, -90, 180, -180, 1e-14, -1e-14, 179.99999999999997}) {
        for (double shift : new double[] {0, 1, -1, 1e-14}) {
          for (double zoom : new double[] {1, 0.5}) {
            var transform = Transform.of(theta, shift, -shift, zoom, zoom, false, false);
            var out = new float[rgb.length];
            transform.apply(rgb, side, side, Normalization.of(InputScaling.ZERO_TO_ONE), out, 0);
            var m = transform.inputCoordinates(side, side);
            for (int i = 0; i < rgb.length; i++) {
              worst = Math.max(worst,
                  Math.abs(out[i] * 255 - sampled(rgb, side, side, m, i / 3 / side, i / 3 % side, i % 3)));
            }
          }
        }
      }
    }
    System.out.println("quarter turns against plain sampling in double: worst error " + worst + " of values up to 255");
    assertTrue(worst < 2e-4, "worst error " + worst);
  }

  @Test
  void turnedByAQuarterTheSamePixelsLieElsewhere() {
    int side = 7;
    var rgb = kerasPattern(side, side);
    var normalization = Normalization.of(InputScaling.ZERO_TO_ONE);
    for (int turns = 0; turns < 4; turns++) {
      var out = new float[rgb.length];
      new Transform(0, 0, 0, 1, 1, false, false, turns, Colours.SAME).apply(rgb, side, side, normalization, out, 0);
      for (int r = 0; r < side; r++) {
        for (int c = 0; c < side; c++) {
          // clockwise, turn by turn: what is at (r, c) goes to (c, side - 1 - r)
          int row = r;
          int column = c;
          for (int i = 0; i < turns; i++) {
            int before = row;
            row = column;
            column = side - 1 - before;
          }
          for (int k = 0; k < 3; k++) {
            assertEquals(rgb[(r * side + c) * 3 + k] & 0xFF, out[(row * side + column) * 3 + k] * 255, 1e-4);
          }
        }
      }
    }
    var turned = new Transform(0, 0, 0, 1, 1, false, false, 1, Colours.SAME);
    assertThrows(IllegalArgumentException.class, () -> turned.apply(rgb, 7, 6, normalization, new float[126], 0));
  }

  /** A turn comes after the map and before the flips; the colours come last. */
  @Test
  void everythingTogether() {
    int side = 33;
    var rgb = kerasPattern(side, side);
    var normalization = Normalization.of(InputScaling.MINUS_ONE_TO_ONE);
    var augmentation = new Augmentation(20, 0.1, 0.1, 0.3, true, true, true, new ColourJitter(0.3, 0.3, 0.5, 0.1));
    var stream = Augmentation.stream(3, 0, 0);
    double worst = 0;
    for (int sample = 0; sample < 40; sample++) {
      var t = augmentation.draw(stream, sample, side, side);
      var out = new float[rgb.length];
      t.apply(rgb, side, side, normalization, out, 0);
      var m = Transform.of(t.theta(), t.tx(), t.ty(), t.zx(), t.zy(), false, false).inputCoordinates(side, side);
      var matrix = t.colours().matrix().factors();
      for (int r = 0; r < side; r++) {
        for (int c = 0; c < side; c++) {
          int row = r;
          int column = c;
          for (int i = 0; i < t.quarterTurns(); i++) {
            int before = row;
            row = column;
            column = side - 1 - before;
          }
          row = t.flipVertical() ? side - 1 - row : row;
          column = t.flipHorizontal() ? side - 1 - column : column;
          for (int k = 0; k < 3; k++) {
            double value = matrix[k][3];
            for (int in = 0; in < 3; in++) {
              value += matrix[k][in] * sampled(rgb, side, side, m, r, c, in);
            }
            double expected = Math.clamp(value, 0, 255) / 127.5 - 1;
            worst = Math.max(worst, Math.abs(out[(row * side + column) * 3 + k] - expected));
          }
        }
      }
    }
    System.out.println("turned and recoloured against plain sampling in double: worst error " + worst);
    assertTrue(worst < 5e-6, "worst error " + worst);
  }

  private static double sampled(byte[] rgb, int height, int width, double[] m, int r, int c, int k) {
    double y = Math.clamp(m[0] * r + m[1] * c + m[2], 0.0, height - 1.0);
    double x = Math.clamp(m[3] * r + m[4] * c + m[5], 0.0, width - 1.0);
    int top = (int) Math.min(y, height - 2);
    int left = (int) Math.min(x, width - 2);
    double down = y - top;
    double right = x - left;
    int at = (top * width + left) * 3 + k;
    double upper = (rgb[at] & 0xFF) * (1 - right) + (rgb[at + 3] & 0xFF) * right;
    double lower = (rgb[at + width * 3] & 0xFF) * (1 - right) + (rgb[at + width * 3 + 3] & 0xFF) * right;
    return upper * (1 - down) + lower * down;
  }

  @Test
  void identityIsNormalizationAlone() {
    var rgb = kerasPattern(9, 11);
    for (var scaling : InputScaling.values()) {
      var normalization = Normalization.of(scaling);
      var expected = new float[rgb.length];
      normalization.apply(rgb, 99, expected, 0);
      var out = new float[rgb.length];
      Transform.IDENTITY.apply(rgb, 9, 11, normalization, out, 0);
      assertArrayEquals(expected, out);
      // two flips go through the sampler, which multiplies and adds instead of looking up
      Transform.of(0, 0, 0, 1, 1, true, true).apply(rgb, 9, 11, normalization, out, 0);
      for (int pixel = 0; pixel < 99; pixel++) {
        for (int k = 0; k < 3; k++) {
          assertEquals(expected[pixel * 3 + k], out[(98 - pixel) * 3 + k], 1e-6);
        }
      }
    }
  }

  /** What the evaluation shows the network, on the processor or a card, and what {@code predict} and the library show it. */
  @Test
  void aViewHasTheSamePixelsEitherWay() {
    for (View view : Views.DIHEDRAL.all()) {
      assertSeenAlike(view, 9, 9);
    }
    for (View view : Views.FLIPS.all()) {
      assertSeenAlike(view, 9, 11);
    }
  }

  private static void assertSeenAlike(View view, int height, int width) {
    var image = new RgbImage(height, width, kerasPattern(height, width));
    var out = new float[image.rgb().length];
    Transform.of(view).apply(image.rgb(), height, width, Normalization.of((value, _) -> value), out, 0);
    // the sampler multiplies and adds instead of looking up
    assertArrayEquals(view.of(image).values(), out, 255e-6f, view.toString());
  }

  @Test
  void normalizations() {
    var rgb = new byte[] {0, (byte) 255, 51};
    assertArrayEquals(new float[] {-1, 1, -0.6f}, normalized(InputScaling.MINUS_ONE_TO_ONE, rgb), 1e-7f);
    assertArrayEquals(new float[] {0, 1, 0.2f}, normalized(InputScaling.ZERO_TO_ONE, rgb), 1e-7f);
    assertArrayEquals(new float[] {-0.485f / 0.229f, (1 - 0.456f) / 0.224f, (0.2f - 0.406f) / 0.225f},
        normalized(InputScaling.TORCH, rgb),
        1e-6f);
  }

  private static float[] normalized(InputScaling scaling, byte[] rgb) {
    var out = new float[3];
    Normalization.of(scaling).apply(rgb, 1, out, 0);
    return out;
  }

  private static byte[] kerasPattern(int height, int width) {
    var rgb = new byte[height * width * 3];
    int at = 0;
    for (int r = 0; r < height; r++) {
      for (int c = 0; c < width; c++) {
        for (int k = 0; k < 3; k++) {
          rgb[at++] = (byte) (37 * r + 59 * c + 83 * k + 11 * r * c);
        }
      }
    }
    return rgb;
  }

  private static double number(Map<?, ?> map, String key) {
    return ((Number) map.get(key)).doubleValue();
  }

  private static double[] numbers(Object rows) {
    return ((List<?>) rows).stream().flatMap(row -> ((List<?>) row).stream())
        .mapToDouble(v -> ((Number) v).doubleValue()).toArray();
  }
}
