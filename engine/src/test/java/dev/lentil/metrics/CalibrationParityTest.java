package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Reliability, Brier's score, log loss and recalibration against scikit-learn's and scipy's. */
class CalibrationParityTest {
  @Test
  void scoresAndRecalibration() {
    var worst =
        new MetricVectors.Worst("Brier, log loss, temperature, slope and intercepts against scikit-learn and scipy");
    for (var c : MetricVectors.cases()) {
      var expected = c.at("calibration");
      int[] labels = c.labels();
      double[] p = c.model(0);
      worst.compare(expected.at("brier").number(), BrierScore.score(labels, p), c.name());
      worst.compare(expected.at("log_loss").number(), LogLoss.of(labels, p), c.name());
      worst.compare(expected.at("temperature").number(), TemperatureScaling.fit(labels, p).temperature(), c.name());
      worst.compare(expected.at("in_the_large").number(), LogisticCalibration.inTheLarge(labels, p), c.name());
      var line = LogisticCalibration.fit(labels, p);
      assertEquals(expected.at("line").absent(), line.isEmpty(), c.name());
      line.ifPresent(fit -> {
        worst.compare(expected.at("line").at(0).number(), fit.intercept(), c.name());
        worst.compare(expected.at("line").at(1).number(), fit.slope(), c.name());
      });
    }
    worst.print();
  }

  @Test
  void diagramsAndDecomposition() {
    var worst = new MetricVectors.Worst("reliability diagrams and Murphy's decomposition against scikit-learn");
    for (var c : MetricVectors.cases()) {
      compare(worst, c, "uniform", Reliability.equalWidth(c.labels(), c.model(0), 10));
      compare(worst, c, "quantile", Reliability.equalMass(c.labels(), c.model(0), 10));
    }
    worst.print();
  }

  private static void compare(MetricVectors.Worst worst, MetricVectors.Node c, String strategy, Reliability diagram) {
    var expected = c.at("calibration").at(strategy);
    var where = c.name() + ", " + strategy;
    assertEquals(expected.at("count").all().size(), diagram.bins().size(), where);
    for (int b = 0; b < diagram.bins().size(); b++) {
      var bin = diagram.bins().get(b);
      worst.compare(expected.at("count").at(b).number(), bin.samples(), where);
      worst.compare(expected.at("frequency").at(b).number(), bin.frequency(), where);
      worst.compare(expected.at("probability").at(b).number(), bin.meanProbability(), where);
    }
    worst.compare(expected.at("expected_error").number(), diagram.expectedError(), where);
    var brier = BrierScore.of(c.labels(), c.model(0), diagram);
    worst.compare(expected.at("reliability").number(), brier.reliability(), where);
    worst.compare(expected.at("resolution").number(), brier.resolution(), where);
    worst.compare(expected.at("uncertainty").number(), brier.uncertainty(), where);
  }
}
