package dev.lentil.mobilenetv2.selftest;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Adam steps on one batch, from a file's parameters: Keras's form and defaults, learning rate 1e-4.
 *
 * <p>There are two ways, since PyTorch adds every gradient to what {@code .grad} holds until {@code zero_grad} is called.
 * The reference files of this project were written without that call: step t uses the sum of the gradients of steps 1 to t,
 * and the second run begins with the sums that the first one left. (Found by trial: so the ten losses agree to 1e-14,
 * with cleared gradients only the first two do.)
 */
record AdamReplay(Device device, OracleFile oracle) {
  private static final double LEARNING_RATE = 1e-4;

  /** What happens to the gradients between two steps. */
  enum Gradients { SUMMED, CLEARED }

  /**
   * A finished run.
   *
   * @param losses of each step, before its update
   * @param sums the sums of the gradients, empty if they were cleared
   */
  record Run(Gradients gradients, double[] losses, Weights weights, Map<String, double[]> sums) {}

  /** Ordinary training. */
  Run cleared(BatchNormMode mode, int steps) {
    Network network = oracle.network();
    TrainingSpec spec = spec(mode, Optional.of(Optimizer.Adam.keras()));
    double[] losses = new double[steps];
    try (ParameterBank bank = device.load(network, oracle.weights());
        Executable step = device.compile(
            Planner.training(network, oracle.batch().size(), spec, device.fusions(), Set.of()), bank)) {
      for (int t = 1; t <= steps; t++) {
        step.run(oracle.batch(), state(t));
        losses[t - 1] = step.loss();
      }
      return new Run(Gradients.CLEARED, losses, bank.snapshot(), Map.of());
    }
  }

  /** Training in which the gradients are never cleared. */
  Run summed(BatchNormMode mode, int steps, Map<String, double[]> start) {
    Network network = oracle.network();
    TrainingSpec gradientsOnly = spec(mode, Optional.empty());
    var sums = new LinkedHashMap<String, double[]>();
    for (ParameterSpec parameter : gradientsOnly.trainedParameters(network)) {
      double[] from = start.getOrDefault(parameter.name(), new double[parameter.shape().size()]);
      sums.put(parameter.name(), from.clone());
    }
    Batch nothing = Batch.of(zeros(network.shape(network.inputNode().name()).batched(1)));
    double[] losses = new double[steps];
    try (ParameterBank bank = device.load(network, oracle.weights());
        Executable gradients = device.compile(
            Planner.training(network, oracle.batch().size(), gradientsOnly, device.fusions(), Set.of()), bank);
        Executable update = device.compile(
            Planner.update(network, spec(mode, Optional.of(Optimizer.Adam.keras()))), bank)) {
      for (int t = 1; t <= steps; t++) {
        gradients.run(oracle.batch(), state(t));
        losses[t - 1] = gradients.loss();
        sums.forEach((name, sum) -> {
          double[] gradient = bank.readGradient(name).doubles();
          for (int i = 0; i < sum.length; i++) {
            sum[i] += gradient[i];
          }
          bank.writeGradient(name, Tensor.of(network.parameter(name).shape(), sum.clone()));
        });
        update.run(nothing, state(t));
      }
      return new Run(Gradients.SUMMED, losses, bank.snapshot(), sums);
    }
  }

  private TrainingSpec spec(BatchNormMode mode, Optional<Optimizer> optimizer) {
    return new TrainingSpec(TrainingSpec.layersFrom(oracle.network(), 0), mode, oracle.loss(), optimizer);
  }

  private static RunState state(int t) {
    return new RunState(0, 1, t, LEARNING_RATE);
  }

  private static Tensor zeros(Shape shape) {
    return Tensor.of(shape, new float[shape.size()]);
  }
}
