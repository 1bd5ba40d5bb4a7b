package dev.lentil.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FmaPeakTest {
  @Test
  void theLoopCalculates() {
    // 0.5 x + 1.5 from 1.5 after three steps in each of twelve chains
    assertEquals(12 * 2.8125f, FmaPeak.multiplyAdds(3, 0.5f, 1.5f));
    assertTrue(FmaPeak.gigaflops(2) > 0);
  }
}
