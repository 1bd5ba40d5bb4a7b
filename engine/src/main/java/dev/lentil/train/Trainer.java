package dev.lentil.train;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Trains the parameters of a bank, stage by stage. With the same settings, data and initial weights the result is the same
 * bit for bit, even if the run was interrupted at any point and resumed from a {@link Checkpoint}.
 */
public final class Trainer {

  /**
   * What a run does.
   *
   * @param seed of dropout; the data has its own
   * @param checkpointing empty to write none
   */
  public record Settings(long seed, List<Stage> stages, AucKind auc, Optional<Checkpointing> checkpointing) {
    public Settings {
      stages = List.copyOf(stages);
    }
  }

  private final Device device;
  private final ParameterBank bank;
  private final Settings settings;
  private final TrainingData data;
  private final EvaluationData validation;
  private final Consumer<TrainingEvent> listener;
  private final String logits;

  private final List<EpochRecord> history = new ArrayList<>();
  private Position position = Position.START;
  private EarlyStopping.State stopping = EarlyStopping.State.START;
  private Optional<WeightAverage> average = Optional.empty();
  private Optional<Weights> best = Optional.empty();
  private Scores scores;
  private double secondsBefore;
  private long epochStarted = System.nanoTime();
  /** Whether the checkpoint on the disk lies between two epochs. */
  private boolean betweenEpochs;
  private int batchesSinceCheckpoint;
  private volatile boolean stopRequested;
  private boolean begun;
  private long lastCheckpoint = System.nanoTime();

  /**
   * One run, which has not begun; {@link #run} or {@link #resume} does it. The caller owns the device and the bank, and closes
   * them afterwards.
   *
   * @param bank of the device; its parameters are trained in place
   * @param validation evaluated at the end of every epoch
   * @param listener receives all events on the thread of the run, which waits for it; an exception that it throws ends the run
   * @throws IllegalArgumentException if a stage names a layer that the network lacks, or its loss or the AUC does not fit the
   *     network's outputs, or there are no samples to train on
   */
  public Trainer(Device device, ParameterBank bank, Settings settings, TrainingData data, EvaluationData validation,
      Consumer<TrainingEvent> listener) {
    this.device = device;
    this.bank = bank;
    this.settings = settings;
    this.data = data;
    this.validation = validation;
    this.listener = listener;
    logits = Planner.logits(bank.network());
    scores = newScores();
    if (data.samples() < 1 || data.batchSize() < 1) {
      throw new IllegalArgumentException("the training data has " + data.samples() + " samples in batches of "
          + data.batchSize() + ", but must have at least 1 of each");
    }
    // all stages, since the last one may begin hours from now
    settings.auc().requireFits(scores.outputs());
    for (Stage stage : settings.stages()) {
      try {
        stage.spec().requireFits(bank.network());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("stage " + stage.name() + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * Runs all stages from the first.
   *
   * @return the epochs that were done
   * @throws DivergedException if the loss or a parameter becomes NaN or infinite
   * @throws TrainingException if the training data gives other batches than announced, or the validation data gives none, or not
   *     what the monitor needs
   * @throws StoppedException after {@link #stop}
   * @throws IllegalStateException if it has begun before
   */
  public List<EpochRecord> run() {
    begin();
    bank.resetSlots();
    writeCheckpoint();
    return runStages();
  }

  /**
   * Continues an interrupted run and gives the same result, bit for bit. The bank's parameters are replaced. Learning rates,
   * epochs and patience may have changed, and so may everything of a stage that has not begun.
   *
   * @return all epochs, those before the interruption included
   * @throws TrainingException if the checkpoint is of another run, and for the reasons of {@link #run}
   * @throws IllegalStateException as {@link #run}
   */
  public List<EpochRecord> resume(Checkpoint checkpoint) {
    String description = RunDescription.of(settings, data, bank.network(), checkpoint.position());
    if (!checkpoint.run().equals(description)) {
      throw new TrainingException("the checkpoint belongs to another run: it was written with " + checkpoint.run()
          + ", this run has " + description + "; continue it with the configuration that it was started with");
    }
    begin();
    position = checkpoint.position();
    betweenEpochs = position.batch() == 0;
    stopping = checkpoint.stopping();
    best = checkpoint.best();
    scores = checkpoint.unfinished();
    secondsBefore = checkpoint.seconds();
    history.addAll(checkpoint.history());
    write(checkpoint.parameters().matching(bank.network()));
    bank.resetSlots();
    for (int slot = 0; slot < checkpoint.slots().size(); slot++) {
      for (Map.Entry<String, Tensor> entry : checkpoint.slots().get(slot).entrySet()) {
        bank.writeSlot(slot, entry.getKey(), entry.getValue());
      }
    }
    average = checkpoint.average().map(
        weights -> new WeightAverage(settings.stages().get(position.stage() - 1).averaging().orElseThrow(), bank,
            weights));
    return runStages();
  }

  /** What a run has left here (its place, its best weights) would be taken for another's. */
  private void begin() {
    if (begun) {
      throw new IllegalStateException(
          "this Trainer has run already; make another one, whose run() begins again and whose "
              + "resume(checkpoint) goes on");
    }
    begun = true;
  }

  /** Asks the run, from any thread, to write a checkpoint after one more batch at most, and to stop. */
  public void stop() {
    stopRequested = true;
  }

  private List<EpochRecord> runStages() {
    try {
      while (position.stage() <= settings.stages().size()) {
        runStage(settings.stages().get(position.stage() - 1));
      }
    } finally {
      forgetAverage();
    }
    return List.copyOf(history);
  }

  private void runStage(Stage stage) {
    listener.accept(new TrainingEvent.StageStarted(position, stage, data.batches()));
    if (average.isEmpty() && stage.averaging().isPresent()) {
      average = Optional.of(new WeightAverage(stage.averaging().getAsDouble(), bank, bank.snapshot()));
    }
    var executables = new HashMap<Integer, Executable>();
    try (var evaluator = new Evaluator(device, bank, stage.spec().loss())) {
      while (position.epoch() <= stage.epochs() && !stage.stopping().stops(stopping)) {
        runEpoch(stage, executables, evaluator);
      }
    } finally {
      executables.values().forEach(Executable::close);
    }
    switch (stage.finalWeights()) {
      case BEST -> best.ifPresent(this::write);
      case LAST -> average.map(WeightAverage::weights).ifPresent(this::write);
    }
    int epochs = position.epoch() - 1;
    EarlyStopping.State reached = stopping;
    Position end = position;
    bank.resetSlots();
    stopping = EarlyStopping.State.START;
    forgetAverage();
    best = Optional.empty();
    position = new Position(position.stage() + 1, 1, 0);
    // in this order what the listener does is done again, not left out, when the process dies in between
    listener.accept(new TrainingEvent.StageDone(end, stage, epochs, reached));
    writeCheckpoint();
    stopIfRequested();
  }

  /** A batch that was given to the device, which need not be done with it. */
  private record Given(Tensor labels, Tensor weights, DoubleSupplier loss, Supplier<Tensor> logits) {}

  /**
   * Each batch is given to the device before what came of the one before is asked for, so that the device does not wait for the
   * host; only where the run may end or is kept, everything is waited for.
   */
  private void runEpoch(Stage stage, Map<Integer, Executable> executables, Evaluator evaluator) {
    epochStarted = System.nanoTime();
    try (Batches batches = data.epoch(position.stage(), position.epoch(), position.batch())) {
      Optional<Given> before = Optional.empty();
      for (int batch = position.batch(); batch < data.batches(); batch++) {
        Given given = give(stage, next(batches, batch), executables, stepsBefore(batch) + 1);
        before.ifPresent(last -> finish(stage, last));
        before = Optional.of(given);
        if (batch == data.batches() - 1 || stopRequested || checkpointDue(1)) {
          finish(stage, given);
          before = Optional.empty();
          if (checkpointDue(0)) {
            writeCheckpoint();
          }
          stopIfRequested();
        }
      }
    }
    endEpoch(stage, evaluator);
  }

  /** The next batch, of which the data has as many samples as it says: others would be left out of every epoch unnoticed. */
  private Batch next(Batches batches, int number) {
    String where = "batch " + (number + 1) + " of " + data.batches() + " in epoch " + position.epoch() + " of stage "
        + position.stage();
    String says = " (the training data has " + data.samples() + " samples in batches of " + data.batchSize() + ")";
    if (!batches.hasNext()) {
      throw new TrainingException(
          where + " is missing" + says + "; let samples() and batchSize() say what epoch() gives");
    }
    Batch batch = batches.next();
    int rest = data.samples() - number * data.batchSize();
    // the last one may be filled up with samples of weight 0
    if (batch.size() > data.batchSize() || batch.size() < Math.min(data.batchSize(), rest)) {
      throw new TrainingException(where + " has " + batch.size() + " samples, but should have "
          + Math.min(data.batchSize(), rest) + says + "; let samples() and batchSize() say what epoch() gives");
    }
    return batch;
  }

  /** @param step counted from 1 */
  private Given give(Stage stage, Batch batch, Map<Integer, Executable> executables, long step) {
    Executable executable = executables.computeIfAbsent(batch.size(), n -> device.compile(
        Planner.training(bank.network(), n, stage.spec(), device.fusions(), Set.of()), bank));
    executable.run(batch, new RunState(settings.seed(), position.stage(), step, stage.schedule().rate(step)));
    average.ifPresent(a -> a.add(step));
    // the arrays may be the next batch's
    return new Given(batch.labels().copy(), batch.weights().copy(), executable.lossLater(),
        executable.readLater(logits));
  }

  private void finish(Stage stage, Given given) {
    double loss = given.loss().getAsDouble();
    requireNumber(loss, "training loss", stage);
    scores.add(loss, given.logits().get(), given.labels(), given.weights());
    position = new Position(position.stage(), position.epoch(), position.batch() + 1);
    batchesSinceCheckpoint++;
    listener.accept(new TrainingEvent.BatchDone(position, data.batches(), loss, scores.meanLoss()));
  }

  /** @param more batches than were finished since the last one */
  private boolean checkpointDue(int more) {
    return settings.checkpointing().filter(c -> c.due(batchesSinceCheckpoint + more, sinceCheckpoint())).isPresent();
  }

  private void endEpoch(Stage stage, Evaluator evaluator) {
    Optional<Weights> trained = average.map(_ -> bank.snapshot());
    average.map(WeightAverage::weights).ifPresent(this::write);
    // a validation that is stopped is done anew later, so the checkpoint is of before it
    Scores validated = evaluator.evaluate(() -> new WatchedBatches(validation.open(), () -> {
      if (stopRequested) {
        trained.ifPresent(this::write);
        stopIfRequested();
      }
    }));
    if (validated.size() == 0) {
      throw new TrainingException(
          "the validation data gave no batches in stage " + position.stage() + " (" + stage.name()
              + "), epoch " + position.epoch() + "; every epoch ends with a validation, so it must give one at least");
    }
    requireNumber(validated.meanLoss(), "validation loss", stage);
    var epoch = new EpochRecord(position.stage(), position.epoch(), stage.schedule().rate(stepsDone()),
        scores.metrics(settings.auc()), validated.metrics(settings.auc()), seconds());
    requireMonitored(stage, epoch);
    history.add(epoch);
    stopping = stage.stopping().after(stopping, epoch);
    boolean isBest = stopping.bestEpoch() == epoch.epoch();
    Weights validatedWeights = bank.snapshot();
    requireFinite(validatedWeights.tensors());
    if (isBest) {
      best = Optional.of(validatedWeights);
    }
    listener.accept(new TrainingEvent.EpochDone(position, epoch, stopping, isBest));
    trained.ifPresent(this::write);
    position = new Position(position.stage(), position.epoch() + 1, 0);
    scores = newScores();
    secondsBefore = 0;
    epochStarted = System.nanoTime();
    writeCheckpoint();
    stopIfRequested();
  }

  private void forgetAverage() {
    average.ifPresent(WeightAverage::close);
    average = Optional.empty();
  }

  private void write(Weights weights) {
    weights.tensors().forEach(bank::write);
  }

  private void requireNumber(double loss, String what, Stage stage) {
    if (!Double.isFinite(loss)) {
      throw diverged("the " + what + " is " + loss, stage);
    }
  }

  /** A stage without any best epoch would end with its last weights as if they were its best. */
  private static void requireMonitored(Stage stage, EpochRecord epoch) {
    Monitor monitor = stage.stopping().monitor();
    if (Double.isNaN(monitor.of(epoch)) && (stage.finalWeights() == FinalWeights.BEST || stage.stopping().canStop())) {
      throw new TrainingException(monitor.name().toLowerCase(Locale.ROOT) + " is no number in stage " + epoch.stage()
          + " (" + stage.name() + "), epoch " + epoch.epoch() + ", and no epoch can be the best by it: the validation "
          + "data lacks a class; give it samples of every class, or monitor val_loss");
    }
  }

  /** A loss can still be a number when the update after it was not. */
  private void requireFinite(Map<String, Tensor> tensors) {
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      if (!entry.getValue().isFinite()) {
        throw diverged(entry.getKey() + " holds a value that is no number",
            settings.stages().get(Math.min(position.stage(), settings.stages().size()) - 1));
      }
    }
  }

  /** The checkpoint inside this epoch may be on the wrong way already: the one before the epoch is left. */
  private DivergedException diverged(String what, Stage stage) {
    if (!betweenEpochs) {
      settings.checkpointing().ifPresent(checkpointing -> checkpointing.file().goBack());
    }
    return new DivergedException(what + " in stage " + position.stage() + " (" + stage.name() + "), epoch "
        + position.epoch() + ", after " + position.batch() + " batches; lower the learning rate ("
        + stage.schedule().rate(stepsDone() + 1) + ") or look for broken values in the data or the first weights",
        position.stage());
  }

  private Scores newScores() {
    return new Scores(bank.network().shape(logits).size());
  }

  private long stepsDone() {
    return stepsBefore(position.batch());
  }

  /** @param batch of this epoch, counted from 0 */
  private long stepsBefore(int batch) {
    return (long) (position.epoch() - 1) * data.batches() + batch;
  }

  private double seconds() {
    return secondsBefore + (System.nanoTime() - epochStarted) / 1e9;
  }

  // ---- checkpoints ----

  private Duration sinceCheckpoint() {
    return Duration.ofNanos(System.nanoTime() - lastCheckpoint);
  }

  private void writeCheckpoint() {
    settings.checkpointing().ifPresent(checkpointing -> {
      Checkpoint checkpoint = checkpoint();
      requireFinite(checkpoint.tensors());
      checkpointing.file().write(checkpoint, betweenEpochs);
      betweenEpochs = position.batch() == 0;
      batchesSinceCheckpoint = 0;
      lastCheckpoint = System.nanoTime();
    });
  }

  private void stopIfRequested() {
    if (stopRequested) {
      if (batchesSinceCheckpoint > 0) {
        writeCheckpoint();
      }
      throw new StoppedException(position);
    }
  }

  private Checkpoint checkpoint() {
    var slots = new ArrayList<Map<String, Tensor>>();
    if (stepsDone() > 0) {
      Network network = bank.network();
      var spec = settings.stages().get(position.stage() - 1).spec();
      for (int slot = 0; slot < spec.optimizer().orElseThrow().slots(); slot++) {
        var values = new LinkedHashMap<String, Tensor>();
        for (var parameter : spec.trainedParameters(network)) {
          values.put(parameter.name(), bank.readSlot(slot, parameter.name()));
        }
        slots.add(values);
      }
    }
    return new Checkpoint(RunDescription.of(settings, data, bank.network(), position), position, stepsDone(),
        bank.snapshot(), slots, average.map(WeightAverage::weights), best, stopping, history, scores, seconds());
  }
}
