package dev.lentil.bench.machine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CopyBandwidthTest {
  @Test
  void aCopyTakesTime() {
    double measured = CopyBandwidth.inCache(2);
    assertTrue(measured > 0 && Double.isFinite(measured), "GB/s " + measured);
  }
}
