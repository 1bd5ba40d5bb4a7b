package dev.lentil.mobilenetv2.selftest;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.Padding;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.ParameterSpec.Role;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the content of a file of {@link OracleFile}'s layout with the reference backend: another size, batch, number
 * of classes and Adam run (with cleared gradients) than those of the files that PyTorch wrote.
 */
final class OracleMaker {
  static final Map<String, String> METADATA = Map.of("alpha", "0.35", "padding", "torch", "bn_epsilon", "1e-3",
      "bn_momentum_keras", "0.9", "class_weights", "0.5,1.5,3");
  private static final int BATCH = 4;
  private static final int STEPS = 4;
  private static final double MOMENTUM = 0.9f;

  private final Network network =
      new MobileNetV2(0.35, 32, 25, Padding.SYMMETRIC, 1e-3f, MOMENTUM, new Head.Transfer(3, 0)).network();
  private final Weights weights = new RandomTensors(1).weights(network);
  private final Loss loss = new Loss.CategoricalCrossEntropy();
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  static Map<String, Tensor> make() {
    return new OracleMaker().tensors();
  }

  private Map<String, Tensor> tensors() {
    Batch drawn = new RandomTensors(2).batch(network, BATCH, loss);
    double[] classWeights = {0.5, 1.5, 3};
    double[] sampleWeights = new double[BATCH];
    for (int i = 0; i < BATCH; i++) {
      for (int k = 0; k < 3; k++) {
        sampleWeights[i] += drawn.labels().get(i * 3 + k) * classWeights[k];
      }
    }
    Batch batch = new Batch(drawn.images(), drawn.labels(), Tensor.of(Shape.of(BATCH), sampleWeights));
    tensors.put("input", batch.images());
    tensors.put("labels", batch.labels());
    weights.tensors().forEach((name, tensor) -> tensors.put("params/" + name, tensor));
    try (Device device = Backends.named("reference").open(DeviceOptions.defaults())) {
      infer(device, batch);
      train(device, batch, "frozen_bn", BatchNormMode.INFERENCE_STATISTICS);
      train(device, batch, "train_bn", BatchNormMode.TRAINING);
    }
    return tensors;
  }

  private void infer(Device device, Batch batch) {
    try (ParameterBank bank = device.load(network, weights);
        Executable run = device.compile(
            Planner.inference(network, BATCH, device.fusions(), Set.of("predictions")), bank)) {
      run.run(batch, RunState.inference());
      tensors.put("eval/logits", run.read("predictions"));
    }
  }

  private void train(Device device, Batch batch, String name, BatchNormMode mode) {
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, 0), mode, loss, Optional.of(Optimizer.Adam.keras()));
    try (ParameterBank bank = device.load(network, weights);
        Executable step = device.compile(
            Planner.training(network, BATCH, spec, device.fusions(), Set.of()), bank)) {
      double[] losses = new double[STEPS];
      for (int t = 1; t <= STEPS; t++) {
        step.run(batch, new RunState(0, 1, t, 1e-4));
        losses[t - 1] = step.loss();
        if (t == 1) {
          first(bank, step, name, mode, spec);
        }
      }
      tensors.put("adam10_" + name + "/losses", Tensor.of(Shape.of(STEPS), losses));
      tensors.put("adam10_" + name + "/params/Conv1/kernel", bank.read("Conv1/kernel"));
    }
  }

  private void first(ParameterBank bank, Executable step, String name, BatchNormMode mode, TrainingSpec spec) {
    tensors.put(name + "/logits", step.read("predictions"));
    tensors.put(name + "/loss", Tensor.of(Shape.of(1), step.loss()));
    spec.trainedParameters(network).forEach(p -> tensors.put(name + "/grad/" + p.name(), bank.readGradient(p.name())));
    if (mode == BatchNormMode.TRAINING) {
      for (ParameterSpec parameter : network.parameters()) {
        if (!parameter.role().learned()) {
          tensors.put("after_train_forward/" + parameter.name(), asInPyTorch(parameter, bank.read(parameter.name())));
        }
      }
    }
  }

  /** From the population variance to PyTorch's, divided by N-1. */
  private Tensor asInPyTorch(ParameterSpec parameter, Tensor moved) {
    int channels = parameter.shape().size();
    double n = (double) BATCH * network.shape(parameter.layer()).size() / channels;
    double factor = parameter.role() == Role.MOVING_VARIANCE ? n / (n - 1) : 1;
    double[] values = new double[channels];
    for (int c = 0; c < channels; c++) {
      double old = weights.get(parameter.name()).get(c);
      double statistic = (moved.get(c) - MOMENTUM * old) / (1 - MOMENTUM) * factor;
      values[c] = MOMENTUM * old + (1 - MOMENTUM) * statistic;
    }
    return Tensor.of(parameter.shape(), values);
  }
}
