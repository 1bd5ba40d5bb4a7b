package dev.lentil.bench.contender;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.lentil.nn.Optimizer.Adam;
import dev.lentil.nn.ParameterSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Training by PyTorch through DJL. */
public final class TorchTraining implements Training {
  private final TrainingTask task;
  private final NDManager manager;
  private final TorchNetwork torch;
  private final List<ParameterSpec> trained;
  private final Optimizer optimizer;
  private final NDArray images;
  private final NDArray labels;
  private final NDArray weights;

  public TorchTraining(TrainingTask task, int threads) {
    this.task = task;
    manager = Torch.manager(threads);
    torch = new TorchNetwork(task.network(), task.weights(), manager, TorchNetwork.Mode.TRAINING);
    trained = task.spec(Optional.empty()).trainedParameters(task.network());
    trained.forEach(spec -> torch.parameter(spec.name()).setRequiresGradient(true));
    Adam adam = TrainingTask.adam();
    optimizer = Optimizer.adam()
        .optLearningRateTracker(Tracker.fixed((float) TrainingTask.LEARNING_RATE))
        .optBeta1((float) adam.beta1()).optBeta2((float) adam.beta2()).optEpsilon((float) adam.epsilon()).build();
    Images batch = new Images(task.batch().images());
    images = Torch.array(manager, batch.planes(), batch.planesShape());
    labels = Torch.array(manager, task.batch().labels().floats(), batch.count(), 1);
    weights = Torch.array(manager, task.batch().weights().floats(), batch.count(), 1);
  }

  @Override
  public String name() {
    return "pytorch";
  }

  @Override
  public Gradients gradients() {
    double loss = backward();
    Map<String, float[]> gradients = new LinkedHashMap<>();
    for (ParameterSpec spec : trained) {
      try (NDArray gradient = torch.parameter(spec.name()).getGradient()) {
        gradients.put(spec.name(), TorchLayout.of(task.network(), spec).toLentil(gradient.toFloatArray()));
        // PyTorch adds the next gradient to this one
        gradient.subi(gradient);
      }
    }
    return new Gradients(loss, gradients);
  }

  @Override
  public double step() {
    double loss = backward();
    for (ParameterSpec spec : trained) {
      NDArray parameter = torch.parameter(spec.name());
      try (NDArray gradient = parameter.getGradient()) {
        // which also sets the gradient to zero
        optimizer.update(spec.name(), parameter, gradient);
      }
    }
    return loss;
  }

  private double backward() {
    try (NDManager pass = manager.newSubManager();
        GradientCollector collector = Torch.engine().newGradientCollector()) {
      images.tempAttach(pass);
      NDArray loss = loss(torch.logits(images));
      collector.backward(loss);
      return loss.getFloat();
    }
  }

  /** {@code max(z,0) - z y + log(1+exp(-|z|))}, weighted, divided by the number of samples. */
  private NDArray loss(NDArray logits) {
    NDArray each =
        logits.getNDArrayInternal().relu().sub(logits.mul(labels)).add(logits.abs().neg().exp().add(1).log());
    return each.mul(weights).mean();
  }

  @Override
  public void close() {
    manager.close();
  }
}
