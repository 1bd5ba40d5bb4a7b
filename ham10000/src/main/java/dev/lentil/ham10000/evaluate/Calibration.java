package dev.lentil.ham10000.evaluate;

import dev.lentil.metrics.BrierScore;
import dev.lentil.metrics.LogLoss;
import dev.lentil.metrics.LogisticCalibration;
import dev.lentil.metrics.Reliability;
import dev.lentil.metrics.TemperatureScaling;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * Whether probabilities mean what they say, on test, before and after recalibration that was fitted on validation.
 *
 * @param temperature from validation
 * @param platt from validation; absent where a threshold separates its classes
 * @param asGiven the model's own probabilities
 * @param temperatureScaled after the temperature
 * @param plattScaled after Platt's scaling
 */
public record Calibration(
    TemperatureScaling temperature,
    Optional<LogisticCalibration> platt,
    Measures asGiven,
    Measures temperatureScaled,
    Optional<Measures> plattScaled) {
  private static final int BINS = 10;

  /**
   * Of one set of probabilities.
   *
   * @param equalWidth the reliability diagram of ten bins of equal width
   * @param equalWidthError its expected calibration error
   * @param equalMass the reliability diagram of ten bins with a tenth of the images each
   * @param equalMassError its expected calibration error
   * @param brier decomposed over the bins of equal mass
   * @param inTheLarge the intercept that would fit best at slope 1; below 0 the probabilities are too high on the whole
   * @param line intercept and slope, 0 and 1 if perfect; absent where a threshold separates the classes
   */
  public record Measures(
      Reliability equalWidth,
      double equalWidthError,
      Reliability equalMass,
      double equalMassError,
      BrierScore brier,
      double logLoss,
      double inTheLarge,
      Optional<LogisticCalibration> line) {
    static Measures of(int[] labels, double[] probabilities) {
      var equalWidth = Reliability.equalWidth(labels, probabilities, BINS);
      var equalMass = Reliability.equalMass(labels, probabilities, BINS);
      return new Measures(equalWidth, equalWidth.expectedError(), equalMass, equalMass.expectedError(),
          BrierScore.of(labels, probabilities, equalMass), LogLoss.of(labels, probabilities),
          LogisticCalibration.inTheLarge(labels, probabilities), LogisticCalibration.fit(labels, probabilities));
    }
  }

  static Calibration of(Predictions validation, Predictions test) {
    var temperature = TemperatureScaling.fit(validation.labels(), validation.probabilities());
    var platt = LogisticCalibration.fit(validation.labels(), validation.probabilities());
    return new Calibration(temperature, platt, Measures.of(test.labels(), test.probabilities()),
        Measures.of(test.labels(), test.probabilities(temperature::apply)),
        platt.map(line -> Measures.of(test.labels(), test.probabilities(line::apply))));
  }

  /** From the model's probability to the best calibrated one: Platt's where there is one, else the temperature's. */
  public DoubleUnaryOperator best() {
    return platt.<DoubleUnaryOperator>map(line -> line::apply).orElse(temperature::apply);
  }
}
