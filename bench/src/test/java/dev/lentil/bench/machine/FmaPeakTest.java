package dev.lentil.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FmaPeakTest {
  @Test
  void theLoopCalculates() {
    // each of twelve chains, from 0 to 11, three times 0.5 v + 1.5: v / 8 + 2.625
    assertEquals(66 / 8f + 12 * 2.625f, FmaPeak.multiplyAdds(3, 0.5f, 1.5f));
    assertTrue(FmaPeak.gigaflops(2) > 0);
  }
}
