package dev.lentil.ham10000.train;

import dev.lentil.backend.Device;
import dev.lentil.backend.ParameterBank;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.StoredPixels;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.train.Checkpoint;
import dev.lentil.train.CheckpointFile;
import dev.lentil.train.Checkpointing;
import dev.lentil.train.EpochRecord;
import dev.lentil.train.FinalWeights;
import dev.lentil.train.History;
import dev.lentil.train.Position;
import dev.lentil.train.Stage;
import dev.lentil.train.StoppedException;
import dev.lentil.train.Trainer;
import dev.lentil.train.TrainingEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One run from the data to the report, in its folder. If the folder holds a checkpoint the run goes on from there, to the
 * same weights, bit for bit.
 */
final class TrainingRun {
  /** What came out. */
  record Outcome(RunResult result, Measurements measurements) {
    /** All of it, for people. */
    String text(Path run) {
      return "\n" + result.text().stripTrailing() + "\n\n" + measurements.text()
          + (result.evaluation().isPresent() ? "\nReport: " + RunFolder.report(run) : "");
    }
  }

  private final RunFolder folder;
  private final TrainingConfig config;
  private final RunData data;
  private final Model base;
  private final RunLog log;
  private final List<String> changes;
  private final Optional<CheckpointFile.Latest> latest;
  private final List<EpochRecord> history = new ArrayList<>();

  /**
   * @param base the weights to start from
   * @param changes of the configuration since the part before, if this run goes on
   */
  TrainingRun(RunFolder folder, TrainingConfig config, RunData data, Model base, RunLog log, List<String> changes) {
    this.folder = folder;
    this.config = config;
    this.data = data;
    this.base = base;
    this.log = log;
    this.changes = changes;
    latest = RunFolder.checkpoint(folder.path()).latest();
  }

  /**
   * Trains, evaluates, reports.
   *
   * @param presentation for the report; asked for at the end
   * @param judged told the result as soon as it is known, before anything of it is written
   */
  Outcome execute(Program program, Supplier<Presentation> presentation, Consumer<RunResult> judged) {
    try (Device device = config.device().open()) {
      Model untrained = TrainedModel.untrained(config, base);
      if (latest.isPresent()) {
        Continuation.requireAhead(Runs.configOf(folder.path()), config, latest.get().checkpoint().position());
        Inputs.requireSame(folder.path(), data, base);
      }
      Inputs.write(folder.path(), data, base);
      data.split().write(folder.path());
      Map<String, String> environment = environment(RunEnvironment.describe(program, config, device.describe()));
      RunFolder.write(RunFolder.environment(folder.path()), Json.pretty(environment) + "\n");
      if (!changes.isEmpty()) {
        // what is there is the result of another configuration
        RunFolder.remove(folder.path().resolve(Measurements.FILE_NAME));
      }
      RunFolder.write(RunFolder.config(folder.path()), config.file());
      introduce(device, untrained);
      try (ParameterBank bank = device.load(untrained.architecture().network(), untrained.weights())) {
        StagePlan plan = StagePlan.of(config, bank.network(), data.training(config).batches());
        Predictions predictions = trainAndPredict(device, bank, untrained, plan);
        Presentation shown = presentation.get();
        RunResult result = RunResult.of(predictions, shown.baselines(), config.evaluation());
        judged.accept(result);
        RunEvaluation.write(predictions, result, folder.path());
        Model trained =
            TrainedModel.with(untrained.withWeights(bank.snapshot()), result.validation().threshold());
        writeFinal(trained);
        result.evaluation()
            .ifPresent(evaluation -> new RunReport(config, config.device(), environment, data, trained, plan, history,
                evaluation, shown).write(folder.path()));
        return conclude(result);
      }
    }
  }

  /** On images that the device holds, if it can. */
  private Predictions trainAndPredict(Device device, ParameterBank bank, Model untrained, StagePlan plan) {
    try (var pixels = StoredPixels.on(device, data.pixels(), plan.plans(config, device, bank.network()))) {
      RunData images = data.with(pixels);
      train(device, bank, untrained, plan, images);
      return RunEvaluation.predict(device, bank, images, config);
    }
  }

  private void train(Device device, ParameterBank bank, Model untrained, StagePlan plan, RunData images) {
    for (int i = 0; i < plan.stages().size(); i++) {
      log.say(
          "Stage " + (i + 1) + ", " + plan.stages().get(i).name() + ": " + plan.cuts().get(i).explain(bank.network()));
    }
    SpaceNeeded.require(folder.path(), bank.network(), plan.stages());
    var settings = new Trainer.Settings(config.seed(), plan.stages(), config.auc(), Optional.of(
        new Checkpointing(RunFolder.checkpoint(folder.path()), config.checkpointBatches(),
            config.checkpointInterval())));
    var trainer = new Trainer(device, bank, settings, images.training(config),
        images.evaluation(Split.Subset.VALIDATION, config), event -> follow(event, bank, untrained));
    try (var signals = new StopSignals(trainer::stop, log::tell)) {
      try {
        if (latest.isPresent()) {
          goOn(trainer, latest.get(), untrained);
        } else {
          trainer.run();
        }
      } catch (StoppedException e) {
        throw new RunStopped(signals.received().orElseThrow(), e.getMessage());
      }
      signals.received().ifPresent(signal -> {
        throw new RunStopped(signal, "stopped after training, before the evaluation");
      });
    }
  }

  /** What was written after the checkpoint is written again: its files are first brought back to it. */
  private void goOn(Trainer trainer, CheckpointFile.Latest latest, Model untrained) {
    latest.note().ifPresent(log::say);
    Checkpoint checkpoint = latest.checkpoint();
    history.addAll(checkpoint.history());
    RunFolder.write(RunFolder.history(folder.path()), History.csv(history));
    checkpoint.best()
        .ifPresent(best -> ModelFile.write(RunFolder.best(folder.path()), untrained.withWeights(best)));
    trainer.resume(checkpoint);
  }

  /** With what is different from the part of the run before, which is said as well. */
  private Map<String, String> environment(Map<String, String> now) {
    if (latest.isEmpty() || !Files.exists(RunFolder.environment(folder.path()))) {
      return now;
    }
    Map<String, String> before = RunEnvironment.read(RunFolder.environment(folder.path()));
    List<String> differences = RunEnvironment.differences(before, now);
    for (String change : changes) {
      log.say("Changed: " + change);
    }
    if (!differences.isEmpty()) {
      log.say("Note: this part of the run differs from the one before it: " + String.join(", ", differences)
          + ". The result may differ in its last bits from that of an uninterrupted run.");
    }
    Position at = latest.get().checkpoint().position();
    return RunEnvironment.continued(before, now, "stage " + at.stage() + ", epoch " + at.epoch() + ", batch "
        + at.batch(), Stream.concat(changes.stream(), differences.stream()).toList());
  }

  private void introduce(Device device, Model model) {
    Split split = data.split();
    log.say("Run folder " + folder.path());
    log.say("Backend " + config.backend() + ": " + device.describe());
    for (Split.Subset subset : Split.Subset.values()) {
      int[] counts = split.counts(subset);
      log.say(String.format(Locale.ROOT, "%-10s %5d images of %5d lesions: ", subset, split.of(subset).size(),
          split.lesions(subset))
          + labelled(Arrays.stream(counts).mapToObj(Integer::toString).toList()));
    }
    log.say(
        "Class weights: " + labelled(
            Arrays.stream(data.classWeights(config)).mapToObj(w -> String.format(Locale.ROOT, "%.7f", w)).toList()));
    if (model.scaling() != base.scaling()) {
      log.say(
          "Note: " + config.weights() + " expects its input as " + base.scaling().text() + ", the configuration has "
              + model.scaling().text());
    }
  }

  private String labelled(List<String> values) {
    var labels = data.split().task().labels();
    var parts = new ArrayList<String>();
    for (int i = 0; i < values.size(); i++) {
      parts.add(labels.get(i) + " " + values.get(i));
    }
    return String.join(", ", parts);
  }

  private void follow(TrainingEvent event, ParameterBank bank, Model untrained) {
    log.accept(event);
    switch (event) {
      case TrainingEvent.EpochDone e -> {
        history.add(e.epoch());
        RunFolder.write(RunFolder.history(folder.path()), History.csv(history));
        Model now = untrained.withWeights(bank.snapshot());
        ModelFile.write(RunFolder.last(folder.path()), now);
        if (e.best()) {
          ModelFile.write(RunFolder.best(folder.path()), now);
        }
        // Copies of all parameters made for checkpoints are too large for the nursery, and the serial collector rather lets the heap
        // grow to its limit than look at the old generation: without this a run of an hour takes gigabytes more than it needs.
        System.gc();
      }
      case TrainingEvent.StageDone e -> checkUntouched(e.stage(), bank, untrained);
      case TrainingEvent.StageStarted _, TrainingEvent.BatchDone _ -> {}
    }
  }

  private void checkUntouched(Stage stage, ParameterBank bank, Model untrained) {
    List<String> untouched = StagePlan.untouched(stage, bank.network());
    List<String> changed = BitCheck.changed(untrained.weights(), bank, untouched);
    if (!changed.isEmpty()) {
      throw new IllegalStateException(
          "stage " + stage.name() + " changed " + changed.size() + " tensors that it must not, first "
              + changed.getFirst());
    }
    if (!untouched.isEmpty()) {
      log.say("Checked: all " + untouched.size() + " tensors below the cut of stage " + stage.name()
          + ", moving statistics included, are what they were, bit for bit.");
    }
  }

  /** The weights that the run ends with, which are the ones evaluated, with their threshold. */
  private void writeFinal(Model model) {
    ModelFile.write(weightsToUse(folder.path(), config), model);
  }

  /** The weight file of a run that evaluations and predictions use. */
  static Path weightsToUse(Path run, TrainingConfig config) {
    return config.finalWeights() == FinalWeights.BEST ? RunFolder.best(run) : RunFolder.last(run);
  }

  private Outcome conclude(RunResult result) {
    var measurements = Measurements.of(history, PeakMemory.now());
    RunFolder.write(folder.path().resolve(Measurements.FILE_NAME), Json.pretty(measurements) + "\n");
    return new Outcome(result, measurements);
  }
}
