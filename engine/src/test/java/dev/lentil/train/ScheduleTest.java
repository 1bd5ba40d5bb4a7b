package dev.lentil.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void constantStaysTheSame() {
    var schedule = new Schedule.Constant(3e-4);
    assertEquals(3e-4, schedule.rate(1));
    assertEquals(3e-4, schedule.rate(1_000_000));
  }

  @Test
  void cosineRisesThenFalls() {
    var schedule = new Schedule.CosineWithWarmUp(1.0, 0.1, 4, 12);
    assertEquals(0.25, schedule.rate(1), 1e-15);
    assertEquals(1.0, schedule.rate(4), 1e-15);
    // half way down, and at the end
    assertEquals(0.55, schedule.rate(8), 1e-15);
    assertEquals(0.1, schedule.rate(12), 1e-15);
    assertEquals(0.1, schedule.rate(100), 1e-15);
  }

  @Test
  void cosineWithoutWarmUpStartsBelowThePeak() {
    var schedule = new Schedule.CosineWithWarmUp(2.0, 0, 0, 4);
    assertEquals(2 * (1 + Math.cos(Math.PI / 4)) / 2, schedule.rate(1), 1e-15);
    assertEquals(0, schedule.rate(4), 1e-15);
  }

  @Test
  void impossibleRatesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Schedule.Constant(0));
    assertThrows(IllegalArgumentException.class, () -> new Schedule.Constant(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new Schedule.CosineWithWarmUp(1, 2, 0, 4));
    assertThrows(IllegalArgumentException.class, () -> new Schedule.CosineWithWarmUp(1, -0.1, 0, 4));
    assertThrows(IllegalArgumentException.class, () -> new Schedule.CosineWithWarmUp(0, 0, 0, 4));
    assertEquals(1, new Schedule.CosineWithWarmUp(1, 1, 0, 4).rate(3));
    assertThrows(IllegalArgumentException.class, () -> new Schedule.CosineWithWarmUp(1, 0, 4, 4));
  }
}
