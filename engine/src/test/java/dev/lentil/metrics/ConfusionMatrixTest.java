package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  @Test
  void rowsAreTheTruth() {
    var matrix = ConfusionMatrix.of(new int[] {0, 0, 1, 2, 2, 2}, new int[] {0, 1, 1, 0, 2, 2}, 3);
    assertArrayEquals(new long[][] {{1, 1, 0}, {0, 1, 0}, {1, 0, 2}}, matrix.counts());
    assertEquals(4 / 6.0, matrix.accuracy());
    assertEquals(3, matrix.support(2));
    assertEquals(2, matrix.predicted(0));
    assertEquals(0.5, matrix.precision(0));
    assertEquals(2 / 3.0, matrix.recall(2));
    assertEquals(4 / 5.0, matrix.f1(2));
  }

  @Test
  void theThresholdItselfIsNegative() {
    var matrix = ConfusionMatrix.atThreshold(new int[] {0, 1, 1}, new double[] {0.5, 0.5, 0.75}, 0.5);
    assertEquals(ConfusionMatrix.ofBinary(1, 0, 1, 1), matrix);
  }

  @Test
  void zeroDenominatorsGiveZero() {
    var empty = ConfusionMatrix.of(new int[0], new int[0], 2);
    assertEquals(0, empty.accuracy());
    assertEquals(0, empty.precision(1));
    assertEquals(0, empty.recall(1));
    assertEquals(0, empty.f1(1));
    assertEquals(new ConfusionMatrix.Averages(0, 0, 0), empty.weighted());
  }

  @Test
  void isNotChangedThroughItsCounts() {
    var counts = new long[][] {{1, 2}, {3, 4}};
    var matrix = ConfusionMatrix.ofCounts(counts);
    counts[0][0] = 99;
    matrix.counts()[1][1] = 99;
    assertEquals(ConfusionMatrix.ofBinary(1, 2, 3, 4), matrix);
  }

  @Test
  void badInputNamesTheSample() {
    var labels = assertThrows(IllegalArgumentException.class,
        () -> ConfusionMatrix.of(new int[] {0, 7}, new int[] {0, 1}, 7));
    assertTrue(labels.getMessage().contains("label 7 of sample 1"), labels.getMessage());
    assertThrows(IllegalArgumentException.class, () -> ConfusionMatrix.of(new int[1], new int[2], 2));
    assertThrows(IllegalArgumentException.class,
        () -> ConfusionMatrix.atThreshold(new int[] {0, 1}, new double[] {0.5, Double.NaN}, 0.5));
    assertThrows(IllegalArgumentException.class, () -> ConfusionMatrix.ofCounts(new long[][] {{1, 2}, {3}}));
    assertThrows(IllegalArgumentException.class, () -> ConfusionMatrix.ofCounts(new long[][] {{1, -2}, {3, 1}}));
    assertThrows(IllegalStateException.class, () -> ConfusionMatrix.of(new int[0], new int[0], 3).specificity());
  }

  @Test
  void singleNumbersAgreeWithScikitLearn() {
    var worst = new MetricVectors.Worst("Matthews's correlation, balanced accuracy and F1 against scikit-learn");
    for (var c : MetricVectors.cases()) {
      var matrix = ConfusionMatrix.atThreshold(c.labels(), c.model(0), 0.5);
      worst.compare(c.at("answers").at("matthews").number(), matrix.matthews(), c.name());
      worst.compare(c.at("answers").at("balanced_accuracy").number(), matrix.balancedAccuracy(), c.name());
      worst.compare(c.at("answers").at("f1").number(), matrix.f1(1), c.name());
    }
    var seven = MetricVectors.of("seven");
    var matrix = ConfusionMatrix.of(seven.at("truth").integers(), seven.at("answer").integers(), 7);
    worst.compare(seven.at("matthews").number(), matrix.matthews(), "seven");
    worst.compare(seven.at("balanced_accuracy").number(), matrix.balancedAccuracy(), "seven");
    worst.print();
    assertEquals(0, ConfusionMatrix.ofBinary(3, 0, 2, 0).matthews());
  }
}
