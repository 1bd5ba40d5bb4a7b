package dev.lentil.train;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Evaluates a network on data, with moving statistics. It uses the current parameters of the bank. */
public final class Evaluator implements AutoCloseable {
  private final Device device;
  private final ParameterBank bank;
  private final Loss loss;
  private final String logits;
  private final Map<Integer, Executable> executables = new HashMap<>();

  /** @param loss what is reported as the loss, every sample weighing the same */
  public Evaluator(Device device, ParameterBank bank, Loss loss) {
    this.device = device;
    this.bank = bank;
    this.loss = loss;
    logits = Planner.logits(bank.network());
  }

  /** Labels, probabilities and losses of all samples, in their order. */
  public Scores evaluate(EvaluationData data) {
    Network network = bank.network();
    var scores = new Scores(network.shape(logits).size());
    try (Batches batches = data.open()) {
      // one batch behind, so that the device does not wait for the host
      Runnable addLast = () -> {};
      while (batches.hasNext()) {
        Batch batch = batches.next();
        Supplier<Tensor> out = run(batch);
        // the array may be the next batch's
        Tensor labels = batch.labels().copy();
        addLast.run();
        addLast = () -> scores.add(loss(out.get(), labels), out.get(), labels);
      }
      addLast.run();
    }
    return scores;
  }

  /** The logits of one batch, {@code [n,k]}. */
  public Tensor logits(Batch batch) {
    return run(batch).get();
  }

  private Supplier<Tensor> run(Batch batch) {
    Executable executable = executables.computeIfAbsent(batch.size(), n -> device.compile(
        Planner.inference(bank.network(), n, device.fusions(), Set.of(logits)), bank));
    executable.run(batch, RunState.inference());
    return executable.readLater(logits);
  }

  private double loss(Tensor logits, Tensor labels) {
    Shape shape = logits.shape();
    double[] weights = new double[shape.extent(0)];
    Arrays.fill(weights, 1);
    return loss.evaluate(weights.length, shape.size() / weights.length, logits.doubles(), labels.doubles(), weights,
        new double[shape.size()]);
  }

  @Override
  public void close() {
    executables.values().forEach(Executable::close);
  }
}
