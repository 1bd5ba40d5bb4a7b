package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ScoreHistogramTest {
  @Test
  void binsOfOneTwentieth() {
    var histogram = ScoreHistogram.of(
        ExamplePredictions.test(new int[] {0, 0, 0, 1, 1}, new double[] {0, 0.049, 0.05, 0.999, 1}));
    assertEquals(20, histogram.benign().size());
    assertEquals(2, histogram.benign().get(0));
    assertEquals(1, histogram.benign().get(1));
    assertEquals(2, histogram.malignant().get(19));
    assertEquals(5,
        histogram.benign().stream().mapToInt(i -> i).sum() + histogram.malignant().stream().mapToInt(i -> i).sum());
  }
}
