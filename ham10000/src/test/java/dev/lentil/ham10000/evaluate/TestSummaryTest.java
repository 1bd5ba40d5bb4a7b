package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.metrics.ConfusionMatrix;
import org.junit.jupiter.api.Test;

class TestSummaryTest {
  private static final Predictions TEST = ExamplePredictions.binary().of(Subset.TEST);

  @Test
  void estimatesAreThoseOfTheMatrix() {
    var summary = TestSummary.of(TEST, 0.4, new LesionBootstrap(100, 1, 0.95));
    var matrix = ConfusionMatrix.atThreshold(TEST.labels(), TEST.probabilities(), 0.4);
    assertEquals(matrix.accuracy(), summary.accuracy().estimate());
    assertEquals(matrix.sensitivity(), summary.sensitivity().estimate(), 1e-15);
    assertEquals(matrix.specificity(), summary.specificity().estimate(), 1e-15);
    assertEquals(matrix.balancedAccuracy(), summary.balancedAccuracy().estimate());
    assertEquals(matrix.matthews(), summary.matthews().estimate());
    assertEquals(matrix.f1(1), summary.f1().estimate());
  }

  /** Two ways to the same uncertainty, one by drawing and one by a formula, agree to a few percent of its width. */
  @Test
  void bootstrapAndObuchowskiAgree() {
    var drawn = LesionBootstrap.DEFAULT.auc(TEST);
    var formula = TestSummary.of(TEST, 0.5, LesionBootstrap.DEFAULT).clusteredDelongAuc();
    System.out.println("AUC by the bootstrap " + drawn + ", by Obuchowski " + formula);
    double width = formula.upper() - formula.lower();
    assertTrue(Math.abs(drawn.upper() - drawn.lower() - width) < 0.15 * width);
    assertTrue(Math.abs(drawn.lower() - formula.lower()) < 0.15 * width);
  }
}
