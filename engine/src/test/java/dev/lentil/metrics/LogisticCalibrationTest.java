package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LogisticCalibrationTest {
  /** What recalibration leaves is calibrated on the data that it was fitted on. */
  @Test
  void appliedToItsOwnDataItIsPerfect() {
    for (var c : MetricVectors.cases()) {
      LogisticCalibration.fit(c.labels(), c.model(0)).ifPresent(fit -> {
        var again = Arrays.stream(c.model(0)).map(fit::apply).toArray();
        assertEquals(0, LogisticCalibration.inTheLarge(c.labels(), again), 1e-9, c.name());
        assertEquals(1, LogisticCalibration.fit(c.labels(), again).orElseThrow().slope(), 1e-9, c.name());
      });
    }
  }

  /** Weights on the positives multiply all odds: the intercept takes it back, a temperature cannot. */
  @Test
  void takesBackWhatClassWeightsDo() {
    var c = MetricVectors.cases().getFirst();
    var fair = LogisticCalibration.fit(c.labels(), c.model(0)).orElseThrow();
    var weighted = Arrays.stream(c.model(0)).map(p -> 4 * p / (1 - p)).map(odds -> odds / (1 + odds)).toArray();
    var fit = LogisticCalibration.fit(c.labels(), weighted).orElseThrow();
    assertEquals(fair.intercept() - fair.slope() * Math.log(4), fit.intercept(), 1e-9);
    assertEquals(fair.slope(), fit.slope(), 1e-9);
  }

  @Test
  void absentWhereThereIsNoMaximum() {
    assertTrue(LogisticCalibration.fit(new int[] {0, 0, 1, 1}, new double[] {0.1, 0.2, 0.8, 0.9}).isEmpty());
    assertTrue(LogisticCalibration.fit(new int[] {0, 0, 1, 1}, new double[] {0.1, 0.2, 0.2, 0.9}).isEmpty());
    assertTrue(LogisticCalibration.fit(new int[] {1, 0, 1, 0}, new double[] {0.1, 0.2, 0.1, 0.9}).isEmpty());
    assertTrue(LogisticCalibration.fit(new int[] {0, 1}, new double[] {0.5, 0.5}).isEmpty());
    assertTrue(LogisticCalibration.fit(new int[] {0, 1, 0}, new double[] {0.1, 0.5, 0.9}).isPresent());
  }

  @Test
  void needsBothClasses() {
    assertThrows(IllegalArgumentException.class, () -> LogisticCalibration.fit(new int[2], new double[2]));
    assertThrows(IllegalArgumentException.class, () -> LogisticCalibration.inTheLarge(new int[2], new double[2]));
  }
}
