package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class RocCurveTest {
  @Test
  void onePointForEachDecision() {
    var curve = RocCurve.of(new int[] {0, 1, 0, 1}, new double[] {0.1, 0.4, 0.4, 0.8});
    assertEquals(
        List.of(
            new RocCurve.Point(0.8, 0, 0),
            new RocCurve.Point(0.4, 0, 0.5),
            new RocCurve.Point(0.1, 0.5, 1),
            new RocCurve.Point(Double.NEGATIVE_INFINITY, 1, 1)),
        curve.points());
    assertEquals(0.875, curve.area());
  }

  @Test
  void ratesAreThoseOfTheMatrixAtTheThreshold() {
    var c = AucCase.all().getFirst();
    for (var point : RocCurve.of(c.labels(), c.scores()).points()) {
      var matrix = ConfusionMatrix.atThreshold(c.labels(), c.scores(), point.threshold());
      assertEquals(matrix.sensitivity(), point.truePositiveRate(), 1e-15);
      assertEquals(1 - matrix.specificity(), point.falsePositiveRate(), 1e-15);
    }
  }

  @Test
  void needsBothClasses() {
    assertThrows(IllegalArgumentException.class, () -> RocCurve.of(new int[] {1, 1}, new double[] {0.1, 0.2}));
  }
}
