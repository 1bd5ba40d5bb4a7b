package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NormalTest {
  @Test
  void tailsAgreeWithScipyRelatively() {
    var worst = new MetricVectors.Worst("normal tails against scipy, relative");
    for (var row : MetricVectors.of("normal").all()) {
      worst.compareRelative(row.at("upper_tail").number(), Normal.upperTail(row.at("z").number()), row.toString());
    }
    worst.print();
  }

  @Test
  void criticalValuesAgreeWithScipy() {
    var worst = new MetricVectors.Worst("critical values against scipy");
    for (var row : MetricVectors.of("critical").all()) {
      worst.compare(row.at("z").number(), Normal.criticalValue(row.at("level").number()), row.toString());
    }
    worst.print();
  }

  @Test
  void edges() {
    assertEquals(1, Normal.twoSided(0));
    assertEquals(0, Normal.twoSided(Double.POSITIVE_INFINITY));
    assertTrue(Double.isNaN(Normal.twoSided(Double.NaN)));
    assertThrows(IllegalArgumentException.class, () -> Normal.criticalValue(1));
    assertThrows(IllegalArgumentException.class, () -> Normal.criticalValue(Double.NaN));
  }
}
