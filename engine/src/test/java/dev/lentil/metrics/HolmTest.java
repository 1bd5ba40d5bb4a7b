package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class HolmTest {
  @Test
  void agreesWithTheDefinition() {
    for (var row : MetricVectors.of("holm").all()) {
      assertArrayEquals(row.at("adjusted").numbers(), Holm.adjust(row.at("p").numbers()), 1e-15, row.toString());
    }
    assertArrayEquals(new double[0], Holm.adjust());
  }

  @Test
  void keepsTheOrder() {
    // 0.01 * 3, then 0.03 * 2, then no less than that
    assertArrayEquals(new double[] {0.06, 0.03, 0.06}, Holm.adjust(0.04, 0.01, 0.03), 1e-15);
  }
}
