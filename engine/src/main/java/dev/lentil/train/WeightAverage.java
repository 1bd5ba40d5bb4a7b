package dev.lentil.train;

import dev.lentil.backend.ParameterBank;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The exponential moving average of all parameters, moving statistics included, over the steps of a stage. It is kept in
 * float64, so that a checkpoint holds it exactly and small differences are not lost. A parameter that does not change is
 * its own average, bit for bit.
 *
 * <p>Early on the average forgets faster: in step {@code t} it keeps {@code min(decay, (1 + t) / (10 + t))} of itself.
 * Source: TensorFlow, {@code tf.train.ExponentialMovingAverage} with {@code num_updates}.
 */
final class WeightAverage {
  private final double decay;
  private final Map<String, Tensor> average = new LinkedHashMap<>();
  /** One parameter: room that every step uses again. */
  private final double[] now;

  /** @param start the weights before the first step, or the {@link #weights} of an average that goes on */
  WeightAverage(double decay, Weights start) {
    this.decay = requireDecay(decay);
    start.tensors().forEach((name, tensor) -> average.put(name, Tensor.of(tensor.shape(), tensor.doubles().clone())));
    now = new double[average.values().stream().mapToInt(tensor -> tensor.shape().size()).max().orElse(0)];
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
  void add(ParameterBank bank, long step) {
    double share = 1 - Math.min(decay, (1.0 + step) / (10.0 + step));
    average.forEach((name, tensor) -> {
      // its own array, since it holds float64
      double[] mean = tensor.doubles();
      bank.read(name, now);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += share * (now[i] - mean[i]);
      }
    });
  }

  /** The averaged weights, float64. */
  Weights weights() {
    return new Weights(average);
  }
}
