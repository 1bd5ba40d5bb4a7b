package dev.lentil.backend.cuda;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.InvertedResidual;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.Padding;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A network with everything that MobileNetV2 has, its weights and a batch, for tests of the CUDA backend. */
record SmallTraining(Network network, Weights weights, Batch batch, Loss loss) {

  static SmallTraining of(int height, int width, int n, int classes, double dropout) {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(height, width, 3)));
    builder.add(new Layer.Conv2d("stem", 12, 3, 2, Padding.KERAS, false));
    builder.add(new Layer.BatchNorm("stem_bn", 1e-3, 0.9));
    String x = builder.add(new Layer.Relu6("stem_relu"));
    x = new InvertedResidual("block_1_", 3, 12, 1, Padding.KERAS, 1e-3, 0.9).addTo(builder, x);
    new InvertedResidual("block_2_", 4, 18, 2, Padding.KERAS, 1e-3, 0.9).addTo(builder, x);
    builder.add(new Layer.GlobalAveragePool("pool"));
    builder.add(new Layer.Dropout("dropout", dropout));
    builder.add(new Layer.Dense("logits", classes));
    builder.add(classes == 1 ? new Layer.Sigmoid("head") : new Layer.Softmax("head"));
    Network network = builder.build();
    var random = new RandomTensors(height * 31 + n);
    Loss loss = classes == 1 ? new Loss.BinaryCrossEntropy() : new Loss.CategoricalCrossEntropy();
    return new SmallTraining(network, random.weights(network), random.batch(network, n, loss), loss);
  }

  TrainingSpec spec(Optional<Optimizer> optimizer) {
    return new TrainingSpec(TrainingSpec.layersFrom(network, 0), BatchNormMode.TRAINING, loss, optimizer);
  }

  /** The loss, all gradients and the moving statistics of one step without update. */
  Map<String, Tensor> gradients(Device device) {
    TrainingSpec spec = spec(Optional.empty());
    try (ParameterBank bank = device.load(network, weights);
        Executable step = device.compile(
            Planner.training(network, batch.size(), spec, device.fusions(), Set.of()), bank)) {
      step.run(batch, new RunState(7, 1, 1, 0));
      var results = new LinkedHashMap<String, Tensor>();
      results.put("loss", Tensor.of(Shape.of(1), step.loss()));
      results.put("logits", step.read("logits"));
      for (ParameterSpec parameter : network.parameters()) {
        results.put(parameter.name(), parameter.role().learned()
            ? bank.readGradient(parameter.name())
            : bank.read(parameter.name()));
      }
      return results;
    }
  }

  /** The losses of some steps and all parameters after them. */
  List<Tensor> train(Device device, int steps) {
    TrainingSpec spec = spec(Optional.of(Optimizer.Adam.keras()));
    try (ParameterBank bank = device.load(network, weights);
        Executable step = device.compile(
            Planner.training(network, batch.size(), spec, device.fusions(), Set.of()), bank)) {
      double[] losses = new double[steps];
      for (int t = 1; t <= steps; t++) {
        step.run(batch, new RunState(7, 1, t, 1e-2));
        losses[t - 1] = step.loss();
      }
      var results = new ArrayList<Tensor>(List.of(Tensor.of(Shape.of(steps), losses)));
      results.addAll(bank.snapshot().tensors().values());
      return results;
    }
  }

  /** {@code ||actual - expected|| / ||expected||}. */
  static double relativeError(Tensor actual, Tensor expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.shape().size(); i++) {
      double d = actual.get(i) - expected.get(i);
      difference += d * d;
      norm += expected.get(i) * expected.get(i);
    }
    return difference == 0 ? 0 : Math.sqrt(difference / norm);
  }
}
