package dev.lentil.ham10000.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.image.Normalization;
import dev.lentil.mobilenetv2.InputScaling;
import org.junit.jupiter.api.Test;

class ColoursTest {
  private static float[] changed(Colours colours, float red, float green, float blue) {
    var out = new float[3][1];
    colours.matrix().apply(Normalization.of(InputScaling.ZERO_TO_ONE),
        new float[][] {{red}, {green}, {blue}}, out);
    return new float[] {out[0][0] * 255, out[1][0] * 255, out[2][0] * 255};
  }

  @Test
  void eachDoesWhatItsNameSays() {
    assertArrayEquals(new float[] {20, 90, 200}, changed(Colours.SAME, 20, 90, 200), 1e-4f);
    assertArrayEquals(new float[] {10, 45, 100}, changed(new Colours(0.5, 1, 1, 0), 20, 90, 200), 1e-4f);
    assertArrayEquals(new float[] {73.75f, 108.75f, 163.75f}, changed(new Colours(1, 0.5, 1, 0), 20, 90, 200), 1e-4f);
    // the luminance of all three
    float grey = 0.213f * 20 + 0.715f * 90 + 0.072f * 200;
    assertArrayEquals(new float[] {grey, grey, grey}, changed(new Colours(1, 1, 0, 0), 20, 90, 200), 1e-4f);
    assertArrayEquals(new float[] {grey + (20 - grey) / 2, grey + (90 - grey) / 2, grey + (200 - grey) / 2},
        changed(new Colours(1, 1, 0.5, 0), 20, 90, 200), 1e-4f);
  }

  @Test
  void greyKeepsItsHueAndColoursTheirLuminance() {
    for (double turn : new double[] {0.1, 0.25, -0.4}) {
      assertArrayEquals(new float[] {77, 77, 77}, changed(new Colours(1, 1, 1.3, turn), 77, 77, 77), 1e-3f);
      float[] colour = changed(new Colours(1, 1, 1, turn), 120, 100, 110);
      assertEquals(0.213 * 120 + 0.715 * 100 + 0.072 * 110,
          0.213 * colour[0] + 0.715 * colour[1] + 0.072 * colour[2], 0.1);
    }
  }

  /** A sixth of a turn takes red to yellow, as far as the luminance lets it. */
  @Test
  void hueTurnsFromRedToYellow() {
    float[] yellow = changed(new Colours(1, 1, 1, 1 / 6.0), 160, 100, 100);
    assertEquals(yellow[0], yellow[1], 12);
    assertEquals(true, yellow[2] < yellow[1] - 20);
  }

  @Test
  void whatLeavesTheRangeIsHeld() {
    assertArrayEquals(new float[] {255, 0, 127.5f}, changed(new Colours(1, 1.99, 1, 0), 250, 5, 127.5f), 1e-4f);
  }
}
