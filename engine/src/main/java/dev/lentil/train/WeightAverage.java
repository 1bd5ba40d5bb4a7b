package dev.lentil.train;

import dev.lentil.backend.ParameterAverage;
import dev.lentil.backend.ParameterBank;
import dev.lentil.nn.Weights;

/**
 * The exponential moving average of all parameters, moving statistics included, over the steps of a stage. It is kept in
 * float64, so that a checkpoint holds it exactly and small differences are not lost. A parameter that does not change is
 * its own average, bit for bit.
 *
 * <p>Early on the average forgets faster: in step {@code t} it keeps {@code min(decay, (1 + t) / (10 + t))} of itself.
 * Source: TensorFlow, {@code tf.train.ExponentialMovingAverage} with {@code num_updates}.
 */
final class WeightAverage implements AutoCloseable {
  private final double decay;
  private final ParameterAverage average;

  /** @param start the weights before the first step, or the {@link #weights} of an average that goes on */
  WeightAverage(double decay, ParameterBank bank, Weights start) {
    this.decay = requireDecay(decay);
    average = bank.average(start);
  }

  static double requireDecay(double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException(
          "weights are averaged with decay " + decay + ", but it must be from 0 to below 1");
    }
    return decay;
  }

  /**
   * Takes the weights after one more step.
   *
   * @param step counted from 1
   */
  void add(long step) {
    average.add(1 - Math.min(decay, (1.0 + step) / (10.0 + step)));
  }

  /** A copy of the averaged weights, float64. */
  Weights weights() {
    return average.weights();
  }

  @Override
  public void close() {
    average.close();
  }
}
