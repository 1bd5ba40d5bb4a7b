package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class CholeskyTest {
  @Test
  void solves() {
    // A = [[4, 2, 0], [2, 5, 1], [0, 1, 3]], of which the upper triangle is not read; x = (1, -2, 3)
    var a = new double[][] {{4, 99, 99}, {2, 5, 99}, {0, 1, 3}};
    assertArrayEquals(new double[] {1, -2, 3}, Cholesky.solve(a, new double[] {0, -5, 7}), 1e-14);
  }

  @Test
  void refusesAnIndefiniteMatrix() {
    assertThrows(
        IllegalArgumentException.class, () -> Cholesky.solve(new double[][] {{1, 0}, {2, 1}}, new double[] {1, 1}));
  }
}
