package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PredictionTest {
  @Test
  void malignantIsWhatIsAboveTheThreshold() {
    var prediction = ExamplePredictions.with(ExamplePredictions.binary().rows().getFirst(), 0.25);
    assertFalse(prediction.calledMalignant(0.25));
    assertTrue(prediction.calledMalignant(Math.nextDown(0.25)));
  }
}
