package dev.lentil.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.nn.Weights;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightAverageTest {
  private static Weights weights(float... values) {
    return new Weights(Map.of("w", Tensor.of(Shape.of(values.length), values)));
  }

  @Test
  void itForgetsFastAtFirstAndByItsDecayLater() {
    var average = new WeightAverage(0.25, weights(1, 5));
    average.add(weights(2, 5), 1);
    // (1 + 1) / (10 + 1) of itself is kept
    double first = 2 - 2 / 11.0;
    assertArrayEquals(new double[] {first, 5}, average.weights().get("w").doubles(), 1e-15);
    average.add(weights(4, 5), 100);
    assertArrayEquals(new double[] {4 + 0.25 * (first - 4), 5}, average.weights().get("w").doubles(), 1e-15);
  }

  @Test
  void whatDoesNotChangeIsItsOwnAverage() {
    float[] values = {0.1f, -1e-30f, 3e7f, 1 / 3f};
    var average = new WeightAverage(0.999, weights(values));
    for (int step = 1; step < 50; step++) {
      average.add(weights(values), step);
    }
    assertArrayEquals(values, average.weights().get("w").floats());
  }

  @Test
  void theFirstWeightsAreNotTouched() {
    var start = new Weights(Map.of("w", Tensor.of(Shape.of(1), 1.0)));
    new WeightAverage(0, start).add(weights(3), 1);
    assertArrayEquals(new double[] {1}, start.get("w").doubles());
  }

  @Test
  void aDecayOutOfRangeIsRefused() {
    for (double decay : new double[] {-0.1, 1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> new WeightAverage(decay, weights(1)));
    }
  }
}
