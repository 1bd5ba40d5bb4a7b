package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class DecisionCurveTest {
  @Test
  void agreesWithTheDefinition() {
    var worst = new MetricVectors.Worst("decision curves against their definition");
    for (var c : MetricVectors.cases()) {
      var curve = DecisionCurve.of(c.labels(), c.model(0));
      assertEquals(99, curve.points().size());
      for (var expected : c.at("answers").at("net_benefit").all()) {
        var point = curve.points().get((int) Math.round(expected.at(0).number() * 100) - 1);
        worst.compare(expected.at(0).number(), point.threshold(), c.name());
        worst.compare(expected.at(1).number(), point.netBenefit(), c.name());
        worst.compare(expected.at(2).number(), point.treatAll(), c.name());
      }
    }
    worst.print();
  }

  @Test
  void aPerfectModelIsWorthThePositivesShare() {
    for (var point : DecisionCurve.of(new int[] {0, 0, 0, 1}, new double[] {0, 0, 0, 1}).points()) {
      assertEquals(0.25, point.netBenefit());
    }
    assertThrows(IllegalArgumentException.class, () -> DecisionCurve.of(new int[2], new double[2]));
  }
}
