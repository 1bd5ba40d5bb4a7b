package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class QuantileTest {
  @Test
  void asNumpy() {
    var sorted = new double[] {1, 2, 4, 8};
    assertArrayEquals(new double[] {1, 1.075, 3, 7.7, 8},
        DoubleStream.of(0, 0.025, 0.5, 0.975, 1).map(q -> Quantile.of(sorted, q)).toArray(), 1e-12);
    assertThrows(IllegalArgumentException.class, () -> Quantile.of(new double[0], 0.5));
  }
}
