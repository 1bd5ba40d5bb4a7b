package dev.lentil.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WorkTest {
  @Test
  void ratesAndTheRoofline() {
    var work = new Work(2e6, 3e5);
    // 10^6 operations a millisecond are a gigaflop
    assertEquals(2, work.gigaflops(1e6));
    assertEquals(0.3, work.gigabytes(1e6));
    assertEquals(2e6 / 100, work.roofline(100, 1000), 1e-9, "bound by arithmetic");
    assertEquals(3e5 / 10, work.roofline(100, 10), 1e-9, "bound by memory");
  }
}
