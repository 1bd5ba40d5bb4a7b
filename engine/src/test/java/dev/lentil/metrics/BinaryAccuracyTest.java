package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BinaryAccuracyTest {
  @Test
  void oneHalfIsNegative() {
    assertEquals(0.75, BinaryAccuracy.of(new int[] {0, 1, 1, 0}, new double[] {0.5, 0.5, 0.500001, 0.1}));
  }

  @Test
  void isZeroWithoutSamples() {
    assertEquals(0, BinaryAccuracy.of(new int[0], new double[0]));
  }

  @Test
  void refusesOtherLabels() {
    assertThrows(IllegalArgumentException.class, () -> BinaryAccuracy.of(new int[] {2}, new double[] {0.9}));
  }
}
