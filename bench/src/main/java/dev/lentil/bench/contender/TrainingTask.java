package dev.lentil.bench.contender;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Initializer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Optional;
import java.util.Set;

/**
 * What every contender trains: all layers of a MobileNetV2 with one logit, on one batch.
 *
 * @param weights where the training starts
 * @param batch images, labels 0 or 1, and a weight for each sample
 */
public record TrainingTask(Network network, Weights weights, Batch batch) {
  /** Adam's rate. */
  public static final double LEARNING_RATE = 1e-4;
  /** The paper's class weights: benign, malignant. */
  private static final float[] CLASS_WEIGHTS = {0.619f, 2.594f};
  private static final long SEED = 42;

  /**
   * A task from a model's base; the head is new. It has no dropout, since no two programs draw the same random numbers
   * and what they calculate is to be compared.
   */
  public static TrainingTask of(Model model, int n) {
    Network network = model.architecture().withHead(new Head.Transfer(1, 0)).network();
    Weights base = new Weights(model.weights().matching(
        model.architecture().withHead(new Head.Features()).network()).tensors());
    Weights weights = Initializer.weights(network, SEED).with(base).matching(network);
    float[] labels = new float[n];
    float[] sampleWeights = new float[n];
    for (int i = 0; i < n; i++) {
      labels[i] = i % 2;
      sampleWeights[i] = CLASS_WEIGHTS[i % 2];
    }
    return new TrainingTask(network, weights, new Batch(Images.random(network, n, SEED).nhwc(),
        Tensor.of(Shape.of(n, 1), labels), Tensor.of(Shape.of(n), sampleWeights)));
  }

  /** A step of Lentil's; an optimiser only if the parameters shall move. */
  public Plan plan(Device device, Optional<Optimizer> optimizer) {
    return Planner.training(network, batch.size(), spec(optimizer), device.fusions(), Set.of());
  }

  TrainingSpec spec(Optional<Optimizer> optimizer) {
    return new TrainingSpec(TrainingSpec.layersFrom(network, 0), BatchNormMode.TRAINING,
        new Loss.BinaryCrossEntropy(), optimizer);
  }

  public static Optimizer.Adam adam() {
    return Optimizer.Adam.keras();
  }
}
