package dev.lentil.metrics;

/**
 * Recalibration by one number: log odds divided by a temperature. Above 1 it makes an overconfident model humbler. It moves
 * no probability across 0.5, so it cannot mend a model whose probabilities are all too high, as class weights make them.
 *
 * <p>The temperature minimises the log loss: Guo, Pleiss, Sun and Weinberger, ICML 2017.
 *
 * @param temperature above 0
 */
public record TemperatureScaling(double temperature) {
  /** Temperatures are looked for from 1/100 to 100. */
  private static final double FARTHEST = Math.log(100);

  /**
   * Fits on data that the model was not trained on: validation.
   *
   * @throws IllegalArgumentException if one of the classes has no sample
   */
  public static TemperatureScaling fit(int[] labels, double[] probabilities) {
    Labels.requireBothClasses(labels, probabilities, "a temperature");
    var z = LogOdds.of(probabilities);
    // the loss falls with the temperature while its slope by 1/T is above 0
    double logarithm = Bisection.root(logT -> {
      double slope = 0;
      for (int i = 0; i < z.length; i++) {
        slope += (LogOdds.probability(z[i] / Math.exp(logT)) - labels[i]) * z[i];
      }
      return -slope;
    }, -FARTHEST, FARTHEST);
    return new TemperatureScaling(Math.exp(logarithm));
  }

  /** The recalibrated probability. */
  public double apply(double probability) {
    return LogOdds.probability(LogOdds.of(probability) / temperature);
  }
}
