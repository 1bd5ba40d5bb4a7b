package dev.lentil.bench.contender;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.ParameterSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Training by Lentil's cpu backend. */
public final class LentilTraining implements Training {
  private final TrainingTask task;
  private final Device device;
  private final ParameterBank bank;
  private final Executable training;
  private long steps;

  public LentilTraining(TrainingTask task, int threads) {
    this.task = task;
    device = Backends.named("cpu").open(new DeviceOptions(threads));
    bank = device.load(task.network(), task.weights());
    training = compile(Optional.of(TrainingTask.adam()));
  }

  /** From the base of the model in a file; the task is {@link TrainingTask}'s. */
  public static LentilTraining of(Path model, int images, int threads) {
    return new LentilTraining(TrainingTask.of(ModelFile.read(model), images), threads);
  }

  private Executable compile(Optional<Optimizer> optimizer) {
    return device.compile(task.plan(device, optimizer), bank);
  }

  @Override
  public String name() {
    return "lentil";
  }

  @Override
  public Gradients gradients() {
    try (Executable executable = compile(Optional.empty())) {
      executable.run(task.batch(), new RunState(0, 1, steps + 1, 0));
      var gradients = new LinkedHashMap<String, float[]>();
      for (ParameterSpec spec : executable.plan().spec().orElseThrow().trainedParameters(task.network())) {
        gradients.put(spec.name(), bank.readGradient(spec.name()).floats());
      }
      return new Gradients(executable.loss(), gradients);
    }
  }

  @Override
  public double step() {
    steps++;
    training.run(task.batch(), new RunState(0, 1, steps, TrainingTask.LEARNING_RATE));
    return training.loss();
  }

  @Override
  public void close() {
    training.close();
    bank.close();
    device.close();
  }
}
