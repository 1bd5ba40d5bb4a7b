package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;
import dev.lentil.metrics.TemperatureScaling;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  @Test
  void isFittedOnValidationAndReportedOnTest() {
    var predictions = ExamplePredictions.binary();
    var validation = predictions.of(Subset.VALIDATION);
    var test = predictions.of(Subset.TEST);
    var calibration = Calibration.of(validation, test);
    var temperature = TemperatureScaling.fit(validation.labels(), validation.probabilities());
    assertEquals(temperature, calibration.temperature());
    assertEquals(Calibration.Measures.of(test.labels(),
        Arrays.stream(test.probabilities()).map(temperature::apply).toArray()), calibration.temperatureScaled());
    assertEquals(test.size(), calibration.asGiven().equalMass().samples());
  }

  /** Class weights multiply all odds: Platt's scaling takes that back, a temperature cannot. */
  @Test
  void weightedClassesNeedAnIntercept() {
    var predictions = ExamplePredictions.binary();
    var weighted = new Predictions(Task.BINARY, predictions.rows().stream().map(row -> {
      double odds = 4 * row.probability() / (1 - row.probability());
      return ExamplePredictions.with(row, odds / (1 + odds));
    }).toList());
    var calibration = Calibration.of(weighted.of(Subset.VALIDATION), weighted.of(Subset.TEST));
    var given = calibration.asGiven();
    var platt = calibration.plattScaled().orElseThrow();
    System.out.println("expected calibration error of weighted odds: as given " + given.equalMassError()
        + ", temperature " + calibration.temperatureScaled().equalMassError() + ", Platt " + platt.equalMassError());
    assertTrue(given.inTheLarge() < -0.5);
    assertTrue(platt.equalMassError() < 0.5 * calibration.temperatureScaled().equalMassError());
    assertTrue(platt.brier().score() < given.brier().score());
  }
}
