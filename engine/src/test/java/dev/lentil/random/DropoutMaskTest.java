package dev.lentil.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DropoutMaskTest {
  private static final int COUNT = 100_000;
  private static final double RATE = 0.3;
  /** Standard deviations; chance alone goes beyond so many once in 16,000 times. */
  private static final double SIGMAS = 4;

  private static float[] mask(long seed, int stage, long step, int layer, long first, int count) {
    var factors = new float[count];
    DropoutMask.fill(seed, stage, step, layer, RATE, first, factors, count);
    return factors;
  }

  @Test
  void dropsTheRateAndKeepsTheMean() {
    float[] factors = mask(42, 1, 1, 0, 0, COUNT);
    int zeros = 0;
    double sum = 0;
    for (float factor : factors) {
      assertTrue(factor == 0 || factor == (float) (1 / 0.7), "a factor of " + factor);
      zeros += factor == 0 ? 1 : 0;
      sum += factor;
    }
    double sigma = Math.sqrt(RATE * (1 - RATE) / COUNT);
    assertEquals(RATE, zeros / (double) COUNT, SIGMAS * sigma);
    assertEquals(1, sum / COUNT, SIGMAS * sigma / (1 - RATE));
  }

  /** Two masks that have nothing to do with each other agree where both drop or both keep: 0.09 + 0.49 of all. */
  @Test
  void seedStageStepAndLayerEachGiveAnother() {
    float[] one = mask(42, 1, 1, 0, 0, COUNT);
    for (float[] other : new float[][] {mask(43, 1, 1, 0, 0, COUNT), mask(42, 2, 1, 0, 0, COUNT),
        mask(42, 1, 2, 0, 0, COUNT), mask(42, 1, 1, 1, 0, COUNT)}) {
      int same = 0;
      for (int i = 0; i < COUNT; i++) {
        same += one[i] == other[i] ? 1 : 0;
      }
      assertEquals(0.58, same / (double) COUNT, SIGMAS * Math.sqrt(0.58 * 0.42 / COUNT));
    }
  }

  @Test
  void aPartIsDrawnAsInTheWhole() {
    float[] whole = mask(42, 1, 1, 0, 0, 1000);
    assertArrayEquals(Arrays.copyOfRange(whole, 333, 1000), mask(42, 1, 1, 0, 333, 667));
  }
}
