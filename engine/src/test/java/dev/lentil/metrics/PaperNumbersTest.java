package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;

/** Every number that the paper prints follows from its confusion matrix, TN 1167 FP 32 FN 229 TP 57. */
class PaperNumbersTest {
  private static final ConfusionMatrix PAPER = ConfusionMatrix.ofBinary(1167, 32, 229, 57);

  @Test
  void testSetOfThePaper() {
    assertEquals(1485, PAPER.total());
    assertEquals(1199, PAPER.support(0));
    assertEquals(286, PAPER.support(1));
  }

  @Test
  void accuracyAndMalignantClass() {
    assertPrinted("0.8242", PAPER.accuracy());
    assertPrinted("0.6404", PAPER.precision(1));
    assertPrinted("0.1993", PAPER.recall(1));
    assertPrinted("0.3040", PAPER.f1(1));
    assertPrinted("0.1993", PAPER.sensitivity());
  }

  @Test
  void benignClass() {
    assertPrinted("0.8360", PAPER.precision(0));
    assertPrinted("0.9733", PAPER.recall(0));
    assertPrinted("0.8994", PAPER.f1(0));
    assertPrinted("0.9733", PAPER.specificity());
  }

  @Test
  void averages() {
    assertPrinted("0.6017", PAPER.macro().f1());
    assertPrinted("0.7847", PAPER.weighted().f1());
  }

  @Test
  void alwaysBenignScoresNearlyAsMuch() {
    var alwaysBenign = PAPER.always(0);
    assertEquals(ConfusionMatrix.ofBinary(1199, 0, 286, 0), alwaysBenign);
    assertPrinted("0.8074", alwaysBenign.accuracy());
    assertPrinted("0.0000", alwaysBenign.f1(1));
    assertPrinted("0.5000", alwaysBenign.balancedAccuracy());
    assertPrinted("0.1926", PAPER.always(1).accuracy());
  }

  private static void assertPrinted(String printed, double value) {
    assertEquals(new BigDecimal(printed), new BigDecimal(value).setScale(4, RoundingMode.HALF_EVEN));
  }
}
