package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void jsonHasNoInfinity() {
    assertEquals(Optional.of(1.5), Numbers.finite(1.5));
    assertEquals(Optional.empty(), Numbers.finite(Double.POSITIVE_INFINITY));
    assertEquals(Optional.empty(), Numbers.finite(Double.NaN));
  }

  @Test
  void aSmallProbabilityIsNotShownAsNone() {
    assertEquals("0.8161", Numbers.probability(0.81612));
    assertEquals("0.0010", Numbers.probability(0.001));
    assertEquals("9.9e-04", Numbers.probability(0.00099));
    assertEquals("3.1e-06", Numbers.probability(3.12e-6));
    assertEquals("0.0000", Numbers.probability(0));
    assertEquals("1.0000", Numbers.probability(1));
  }
}
