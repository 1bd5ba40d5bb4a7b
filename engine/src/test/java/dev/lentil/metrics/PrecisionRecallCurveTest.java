package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PrecisionRecallCurveTest {
  @Test
  void agreesWithScikitLearn() {
    var worst = new MetricVectors.Worst("precision-recall curve and average precision against scikit-learn");
    for (var c : MetricVectors.cases()) {
      var curve = PrecisionRecallCurve.of(c.labels(), c.model(0));
      var answers = c.at("answers");
      worst.compare(answers.at("average_precision").number(), curve.averagePrecision(), c.name());
      var expected = answers.at("precision_recall");
      assertEquals(expected.at(0).all().size(), curve.points().size(), c.name());
      for (int i = 0; i < curve.points().size(); i++) {
        var point = curve.points().get(i);
        worst.compare(expected.at(0).at(i).number(), point.threshold(), c.name());
        worst.compare(expected.at(1).at(i).number(), point.recall(), c.name());
        worst.compare(expected.at(2).at(i).number(), point.precision(), c.name());
      }
    }
    worst.print();
  }

  @Test
  void withoutInformationItIsThePositivesShare() {
    assertEquals(0.25, PrecisionRecallCurve.of(new int[] {0, 1, 0, 0}, new double[4]).averagePrecision());
  }

  @Test
  void needsAPositive() {
    assertThrows(IllegalArgumentException.class, () -> PrecisionRecallCurve.of(new int[2], new double[2]));
    assertThrows(IllegalArgumentException.class, () -> PrecisionRecallCurve.of(new int[0], new double[0]));
  }
}
