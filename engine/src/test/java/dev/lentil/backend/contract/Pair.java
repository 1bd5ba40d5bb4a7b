package dev.lentil.backend.contract;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A device under test beside the reference: the same work on both. */
record Pair(Device tested, Device reference) implements AutoCloseable {

  /** What a run left: taps, gradients, moving statistics, the loss; by name. */
  record Results(Map<String, Tensor> tensors, double loss) {}

  static Pair of(String backend) {
    return new Pair(Backends.named(backend).open(new DeviceOptions(2)),
        Backends.named("reference").open(DeviceOptions.defaults()));
  }

  /** One run of a training plan without update. */
  static Results train(Device device, Network network, TrainingSpec spec, Weights weights, Batch batch,
      Set<String> taps) {
    Plan plan = Planner.training(network, batch.size(), spec, device.fusions(), taps);
    try (ParameterBank bank = device.load(network, weights); Executable executable = device.compile(plan, bank)) {
      executable.run(batch, new RunState(11, 1, 1, 0));
      var tensors = new LinkedHashMap<String, Tensor>();
      taps.forEach(tap -> tensors.put(tap, executable.read(tap)));
      for (ParameterSpec parameter : spec.trainedParameters(network)) {
        tensors.put(Planner.gradientOf(parameter.name()), bank.readGradient(parameter.name()));
      }
      for (ParameterSpec parameter : network.parameters()) {
        if (!parameter.role().learned()) {
          tensors.put(parameter.name(), bank.read(parameter.name()));
        }
      }
      return new Results(tensors, executable.loss());
    }
  }

  /** A layer's output and the gradient of the logits with respect to it. */
  static Results explain(Device device, Network network, Weights weights, Batch batch, String layer) {
    Plan plan = Planner.explanation(network, batch.size(), device.fusions(), Set.of(layer));
    try (ParameterBank bank = device.load(network, weights); Executable executable = device.compile(plan, bank)) {
      executable.run(batch, RunState.inference());
      String gradient = Planner.gradientOf(layer);
      return new Results(Map.of(layer, executable.read(layer), gradient, executable.read(gradient)),
          executable.loss());
    }
  }

  /** A layer's output in an inference plan that keeps it. */
  static Tensor infer(Device device, Network network, Weights weights, Tensor images, String layer) {
    Plan plan = Planner.inference(network, images.shape().extent(0), device.fusions(), Set.of(layer));
    try (ParameterBank bank = device.load(network, weights); Executable executable = device.compile(plan, bank)) {
      executable.run(Batch.of(images), RunState.inference());
      return executable.read(layer);
    }
  }

  @Override
  public void close() {
    tested.close();
    reference.close();
  }
}
