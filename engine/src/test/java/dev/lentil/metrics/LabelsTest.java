package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class LabelsTest {
  private static final Map<String, BiConsumer<int[], double[]>> MEASURES = new TreeMap<>(Map.ofEntries(
      Map.entry("accuracy", BinaryAccuracy::of),
      Map.entry("Brier score", BrierScore::score),
      Map.entry("confusion matrix", (labels, scores) -> ConfusionMatrix.atThreshold(labels, scores, 0.5)),
      Map.entry("DeLong", (labels, scores) -> DeLong.of(labels, scores)),
      Map.entry("decision curve", DecisionCurve::of),
      Map.entry("Keras's AUC", KerasAuc::of),
      Map.entry("logistic calibration", LogisticCalibration::fit),
      Map.entry("calibration in the large", LogisticCalibration::inTheLarge),
      Map.entry("log loss", LogLoss::of),
      Map.entry("precision and recall", PrecisionRecallCurve::of),
      Map.entry("reliability, equal width", (labels, scores) -> Reliability.equalWidth(labels, scores, 3)),
      Map.entry("reliability, equal mass", (labels, scores) -> Reliability.equalMass(labels, scores, 3)),
      Map.entry("AUC", RocAuc::of),
      Map.entry("ROC", RocCurve::of),
      Map.entry("temperature", TemperatureScaling::fit)));

  /** With more scores than labels a loop over the labels would answer as if nothing were wrong. */
  @Test
  void everyMeasureRefusesAnotherNumberOfScoresThanLabels() {
    for (var measure : MEASURES.entrySet()) {
      for (double[] scores : new double[][] {{0.2, 0.7, 0.6, 0.1, 0.9}, {0.2, 0.7, 0.6}}) {
        var error = assertThrows(IllegalArgumentException.class,
            () -> measure.getValue().accept(new int[] {0, 1, 0, 1}, scores), measure.getKey());
        assertEquals("4 labels but " + scores.length + " scores", error.getMessage(), measure.getKey());
      }
    }
  }
}
