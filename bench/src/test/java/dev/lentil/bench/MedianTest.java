package dev.lentil.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class MedianTest {
  @Test
  void oneSlowRunDoesNotCount() {
    double[] values = {3, 900, 1, 2, 1.5};
    assertEquals(2, Median.of(values));
    assertArrayEquals(new double[] {3, 900, 1, 2, 1.5}, values, "the order is the caller's");
    assertEquals(1.5, Median.of(2, 900, 1, 0.5));
    assertThrows(IllegalArgumentException.class, Median::of);
  }

  @Test
  void eachPartHasItsOwn() {
    assertArrayEquals(new double[] {2, 30},
        Median.ofEach(List.of(new double[] {1, 30}, new double[] {2, 10}, new double[] {9, 40})));
  }
}
