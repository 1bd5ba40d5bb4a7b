package dev.lentil.ham10000.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LesionPainterTest {
  private static final int MANY = 400;

  @Test
  void everySizeIsPainted() {
    var lesion = Lesion.draw(DiagnosisStyle.MEL, 1, 1);
    for (int size : new int[] {1, 17, 64, 200}) {
      assertEquals(size, LesionPainter.paint(lesion, View.draw(1, 1, 0), size).height());
    }
  }

  /** A larger picture of the same lesion and view shows the same scene. */
  @Test
  void sizeDoesNotChangeTheScene() {
    double worst = 0;
    for (int i = 0; i < 20; i++) {
      var style = DiagnosisStyle.values()[i % DiagnosisStyle.values().length];
      var small = LesionPainter.paint(Lesion.draw(style, 3, i), View.draw(3, i, 0), 64).meanColour();
      var large = LesionPainter.paint(Lesion.draw(style, 3, i), View.draw(3, i, 0), 256).meanColour();
      for (int c = 0; c < 3; c++) {
        worst = Math.max(worst, Math.abs(small[c] - large[c]));
      }
    }
    System.out.println("worst difference in mean colour between 64 and 256 pixels: " + worst);
    assertTrue(worst < 3, "means differ by " + worst);
  }

  /** What tells the classes apart is there, and differs from lesion to lesion of one class. */
  @Test
  void malignantLesionsAreMoreIrregularEachToItsOwnDegree() {
    for (ToDoubleFunction<Lesion> cue : List.<ToDoubleFunction<Lesion>>of(Lesion::border, Lesion::variety,
        Lesion::disorder)) {
      var naevi =
          LongStream.range(0, MANY).mapToDouble(i -> cue.applyAsDouble(Lesion.draw(DiagnosisStyle.NV, 9, i))).sorted()
              .toArray();
      var melanomas = LongStream.range(MANY, 2 * MANY)
          .mapToDouble(i -> cue.applyAsDouble(Lesion.draw(DiagnosisStyle.MEL, 9, i))).sorted().toArray();
      assertTrue(melanomas[MANY / 2] > naevi[MANY / 2] + 0.4);
      for (double[] values : List.of(naevi, melanomas)) {
        assertTrue(values[MANY - 1 - MANY / 50] > values[MANY / 50] + 0.3, "all alike");
      }
    }
  }

  @Test
  void outlinesEncloseTheSameAreaHoweverRagged() {
    for (int i = 0; i < 50; i++) {
      var radius = Outline.draw(i / 50.0, new Draws(1, Draws.Stream.LESION, i)).radius();
      double square = 0;
      for (float r : radius) {
        square += r * r / radius.length;
      }
      assertEquals(1, square, 1e-5);
    }
  }
}
