package dev.lentil.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ScoresTest {
  @Test
  void theLossIsTheMeanOverSamplesNotOverBatches() {
    var scores = new Scores(1);
    scores.add(1.0, Tensor.of(Shape.of(3, 1), 0f, 2f, -2f), Tensor.of(Shape.of(3, 1), 0f, 1f, 0f));
    scores.add(4.0, Tensor.of(Shape.of(1, 1), 3f), Tensor.of(Shape.of(1, 1), 0f));
    var metrics = scores.metrics(AucKind.EXACT);
    assertEquals((3 * 1.0 + 4.0) / 4, metrics.loss(), 1e-15);
    // p = 0.5 exactly is called negative, so three of four are right
    assertEquals(0.75, metrics.accuracy());
    // the positive is above two of three negatives
    assertEquals(2.0 / 3, metrics.auc(), 1e-15);
    assertArrayEquals(new int[] {0, 1, 0, 0}, scores.labels());
    assertEquals(0.5, scores.probabilities()[0]);
  }

  /** Two losses of 3 and 1, weights 2 and 1, and two fillers: a mean of (6 + 1) / 4 over the batch, of 3.5 over the samples. */
  @Test
  void samplesOfWeightZeroCountInNothing() {
    Tensor weights = Tensor.of(Shape.of(4), 2f, 0f, 1f, 0f);
    var scores = new Scores(1);
    scores.add(1.75, Tensor.of(Shape.of(4, 1), 2f, 5f, -1f, 5f), Tensor.of(Shape.of(4, 1), 1f, 0f, 0f, 0f), weights);
    assertEquals(new Metrics(3.5, 1, 1), scores.metrics(AucKind.EXACT));
    assertArrayEquals(new int[] {1, 0}, scores.labels());
    var classes = new Scores(2);
    classes.add(1.75, Tensor.of(Shape.of(4, 2), 0f, 9f, 0f, 0f, 9f, 0f, 0f, 0f),
        Tensor.of(Shape.of(4, 2), 0f, 1f, 0f, 0f, 1f, 0f, 0f, 0f), weights);
    assertEquals(new Metrics(3.5, 1, 1), classes.metrics(AucKind.EXACT));
  }

  @Test
  void severalClassesTakeTheLargest() {
    var scores = new Scores(3);
    scores.add(0.5, Tensor.of(Shape.of(3, 3), 1000f, 0f, 0f, 0f, 1f, 0f, 0f, 1f, 0f),
        Tensor.of(Shape.of(3, 3), 1f, 0f, 0f, 0f, 1f, 0f, 0f, 0f, 1f));
    assertEquals(2.0 / 3, scores.metrics(AucKind.EXACT).accuracy());
    for (double[] row : scores.rows()) {
      assertEquals(1, row[0] + row[1] + row[2], 1e-12);
    }
    assertThrows(IllegalArgumentException.class, () -> scores.metrics(AucKind.KERAS));
  }

  /** More than at first have room, and a tie goes to the first class. */
  @Test
  void severalClassesOfManySamples() {
    var scores = new Scores(3);
    for (int i = 0; i < 300; i++) {
      float[] label = new float[3];
      label[i % 3] = 1;
      scores.add(0.5, Tensor.of(Shape.of(1, 3), i % 3 == 1 ? 1f : 0f, i % 3 == 1 ? 1f : 0f, 0f),
          Tensor.of(Shape.of(1, 3), label));
    }
    assertEquals(300, scores.size());
    assertEquals(900, scores.probabilities().length);
    for (int i = 0; i < 300; i++) {
      assertEquals(i % 3, scores.labels()[i]);
      assertEquals(i % 3 == 1 ? Math.E / (2 * Math.E + 1) : 1.0 / 3, scores.rows()[i][1], 1e-15);
    }
    assertEquals(1.0 / 3, scores.metrics(AucKind.EXACT).accuracy(), "the first class is said of all");
  }

  @Test
  void aSampleOfNoClassIsRefused() {
    var scores = new Scores(2);
    assertEquals(
        "sample 0 of a batch belongs to no class: none of its labels is above 0.5; give 1 for its class and 0 for "
            + "the others",
        assertThrows(IllegalArgumentException.class,
            () -> scores.add(0, Tensor.of(Shape.of(1, 2), 0f, 0f), Tensor.of(Shape.of(1, 2), 0.5f, 0.5f)))
            .getMessage());
    var one = new Scores(1);
    one.add(0, Tensor.of(Shape.of(1, 1), 0f), Tensor.of(Shape.of(1, 1), 0.5f));
    assertArrayEquals(new int[] {0}, one.labels());
  }

  @Test
  void goesOnFromCopiedValues() {
    var scores = new Scores(1);
    scores.add(1.25, Tensor.of(Shape.of(2, 1), 0.3f, -0.4f), Tensor.of(Shape.of(2, 1), 1f, 0f));
    var copy = Scores.of(1, scores.labels(), scores.probabilities(), scores.lossSum());
    for (var each : new Scores[] {scores, copy}) {
      each.add(0.5, Tensor.of(Shape.of(1, 1), 0.1f), Tensor.of(Shape.of(1, 1), 1f));
    }
    assertEquals(scores.metrics(AucKind.EXACT), copy.metrics(AucKind.EXACT));
    assertEquals(scores.metrics(AucKind.KERAS), copy.metrics(AucKind.KERAS));
  }
}
