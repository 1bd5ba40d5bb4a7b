package dev.lentil.bench.compare;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.RunState;
import dev.lentil.bench.contender.Images;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Initializer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A model with random weights, for measurements that no weight file is given for. */
public final class RandomModel {
  private static final long SEED = 42;
  private static final int BATCH = 4;

  private RandomModel() {}

  /**
   * Random kernels, and moving statistics taken from a batch of random images: without these the values would shrink from
   * layer to layer to next to nothing, and any program's outputs would agree with any other's.
   *
   * @param architecture with a head
   */
  public static Model of(MobileNetV2 architecture) {
    // a momentum of 0 makes the moving statistics those of the batch
    Network network = architecture.withBnMomentum(0).network();
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, 0), BatchNormMode.TRAINING,
        new Loss.CategoricalCrossEntropy(), Optional.empty());
    int outputs = network.shape(Planner.logits(network)).size();
    Weights weights;
    try (var device = Backends.named("cpu").open(DeviceOptions.defaults());
        var bank = device.load(network, Initializer.weights(network, SEED));
        var training = device.compile(Planner.training(network, BATCH, spec, device.fusions(), Set.of()), bank)) {
      training.run(new Batch(Images.random(network, BATCH, SEED).nhwc(),
          Tensor.of(Shape.of(BATCH, outputs), new float[BATCH * outputs]),
          Tensor.of(Shape.of(BATCH), new float[BATCH])), new RunState(SEED, 1, 1, 0));
      weights = bank.snapshot();
    }
    return new Model(architecture, InputScaling.MINUS_ONE_TO_ONE, weights, Map.of());
  }
}
