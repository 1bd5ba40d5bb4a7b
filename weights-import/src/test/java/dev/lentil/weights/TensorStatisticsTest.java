package dev.lentil.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import org.junit.jupiter.api.Test;

class TensorStatisticsTest {
  @Test
  void finiteValuesAlone() {
    // mean 2, squares about it 9 + 1 + 4 + 4 = 18
    var statistics = TensorStatistics.of(Tensor.of(Shape.of(6), -1, Double.NaN, 1, 4, Double.NEGATIVE_INFINITY, 4));
    assertEquals(new TensorStatistics(-1, 4, 2, Math.sqrt(18 / 4.0), 2), statistics);
    assertEquals(new TensorStatistics(Double.NaN, Double.NaN, Double.NaN, Double.NaN, 1),
        TensorStatistics.of(Tensor.of(Shape.of(1), Float.NaN)));
  }

  /** A small spread about a large mean, where the difference of two sums of squares would be all rounding. */
  @Test
  void aSmallSpread() {
    assertEquals(0.5, TensorStatistics.of(Tensor.of(Shape.of(2), 1e9, 1e9 + 1)).deviation(), 1e-9);
  }
}
