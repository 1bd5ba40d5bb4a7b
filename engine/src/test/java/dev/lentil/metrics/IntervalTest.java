package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class IntervalTest {
  @Test
  void itsBoundsAreInside() {
    var interval = new Interval(0.5, 0.25, 0.75, 0.95, "made up");
    assertTrue(interval.contains(0.25) && interval.contains(0.75));
    assertFalse(interval.contains(0.2));
    assertFalse(interval.contains(0.8));
    assertFalse(interval.contains(Double.NaN));
  }

  @Test
  void aLevelIsBetweenNoneAndAll() {
    Interval.requireLevel(0.95);
    for (double level : new double[] {0, 1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> Interval.requireLevel(level), "level " + level);
    }
  }
}
