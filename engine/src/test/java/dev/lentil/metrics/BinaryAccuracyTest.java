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
  void batchesAddUp() {
    var accuracy = new BinaryAccuracy();
    assertEquals(0, accuracy.result());
    accuracy.add(1, 0.9);
    assertEquals(1, accuracy.result());
    accuracy.add(0, 0.9);
    assertEquals(0.5, accuracy.result());
  }

  @Test
  void refusesOtherLabels() {
    assertThrows(IllegalArgumentException.class, () -> new BinaryAccuracy().add(2, 0.9));
  }
}
