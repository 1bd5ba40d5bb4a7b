package dev.lentil.ham10000.train;

import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceChoice;
import dev.lentil.backend.ParameterBank;
import dev.lentil.ham10000.Shell;
import dev.lentil.ham10000.UsageError;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.mobilenetv2.image.Views;
import dev.lentil.train.DivergedException;
import dev.lentil.train.EpochRecord;
import dev.lentil.train.History;
import dev.lentil.train.ProgressPrinter;
import dev.lentil.weights.WeightFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Runs on HAM10000: started, continued, evaluated. */
public final class Runs {
  /** What the demonstration's configuration has for a data folder. */
  private static final Path DRAWN = Path.of("drawn");

  private Runs() {}

  /**
   * What a finished run leaves.
   *
   * @param measurements time and memory
   */
  public record Finished(Path folder, RunResult result, Measurements measurements) {
    public Path report() {
      return RunFolder.report(folder);
    }
  }

  /**
   * Starts a run in a new folder and brings it to its end.
   *
   * @param firstStage a run that stands at the end of stage 1, to begin with instead of training it
   * @throws dev.lentil.ham10000.UserError if there is a run in the folder, or the other's stage 1 is not what this one's would be
   */
  public static Finished start(Path folder, TrainingConfig config, Optional<Path> firstStage, Program program,
      PrintWriter screen) {
    Optional<FirstStage> before = firstStage.map(run -> new FirstStage(run, config));
    // before the folder is made: in its configuration every setting is one that somebody wanted
    config.device();
    if (Files.exists(config.weights())) {
      TrainedModel.requireFits(config, WeightFile.open(config.weights()).model());
    }
    try (var run = RunFolder.create(folder)) {
      // the configuration first, so that a checkpoint is never there for another
      RunFolder.write(RunFolder.config(run.path()), config.file());
      before.ifPresent(stage -> stage.copyInto(folder));
      return execute(run, config, List.of(), program, screen);
    }
  }

  /**
   * Starts a run on other data than HAM10000 and brings it to its end. The evaluation goes into the log file only.
   *
   * @param base gives the weights to start from; it may use the file in the run's folder that it is handed
   * @param presentation for the report; asked for at the end
   */
  public static Finished startOn(Path folder, TrainingConfig config, RunData data, Function<Path, Model> base,
      Program program, Supplier<Presentation> presentation, PrintWriter screen) {
    config.device();
    try (var run = RunFolder.create(folder)) {
      RunFolder.write(RunFolder.config(run.path()), config.file());
      try (var log = new RunLog(run.log(), screen, ProgressPrinter.Style.detect())) {
        var outcome = new TrainingRun(run, config, data, base.apply(folder.resolve("base.safetensors")), log, List.of())
            .execute(program, presentation, _ -> {});
        log.record(outcome.text(folder));
        return new Finished(folder, outcome.result(), outcome.measurements());
      }
    }
  }

  /**
   * Continues a run from its last checkpoint, with the configuration in its folder.
   *
   * @param assignments {@code key=value}, for what shall be different from now on
   * @throws dev.lentil.ham10000.UserError if a setting may not change any more
   */
  public static Finished resume(Path folder, List<String> assignments, Program program, PrintWriter screen) {
    try (var run = RunFolder.open(folder)) {
      TrainingConfig before = configOfKeptData(folder, List.of());
      TrainingConfig now = configOf(folder, assignments);
      now.device();
      List<String> changes = RunFolder.checkpoint(run.path()).exists() ? Continuation.changes(before, now) : List.of();
      return execute(run, now, changes, program, screen);
    }
  }

  /** Whether a path is the folder of a run. */
  public static boolean isRun(Path path) {
    return Files.isRegularFile(RunFolder.config(path));
  }

  /** The folder that a path leads to, through links too. */
  public static Path itself(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException _) {
      // there is none yet, or what opens it says why it cannot be reached
      return folder.toAbsolutePath().normalize();
    }
  }

  /**
   * The file of the weights that a run ended with.
   *
   * @throws dev.lentil.ham10000.UserError if the run is not finished; the file may then be there, without a threshold
   */
  public static Path weights(Path folder) {
    Path weights = weightsSoFar(folder);
    if (!isFinished(folder)) {
      throw new UserError(notFinished(folder) + ", or give the weight file that it has so far, " + weights);
    }
    return weights;
  }

  private static Path weightsSoFar(Path folder) {
    Path weights = TrainingRun.weightsToUse(folder, configOf(folder));
    if (!Files.exists(weights)) {
      throw noWeights(folder);
    }
    return weights;
  }

  /**
   * Requires that what shall be a weight file is not the folder of a run.
   *
   * @throws dev.lentil.ham10000.UserError naming the file in it
   */
  public static void refuseAsWeights(Path path) {
    if (isRun(path)) {
      throw new UserError(path + ": this is the folder of a run; name the weight file in it, " + weightsSoFar(path));
    }
  }

  private static UserError noWeights(Path folder) {
    return new UserError(folder + ": the run has no trained weights yet; continue it with '" + resuming(folder) + "'");
  }

  /** The command that continues a run. */
  public static String resuming(Path folder) {
    return "./lentil train --resume " + Shell.word(folder);
  }

  /** The configuration that a run was started with. */
  public static TrainingConfig configOf(Path folder) {
    return configOf(folder, List.of());
  }

  /** The same with other settings. */
  static TrainingConfig configOf(Path folder, List<String> assignments) {
    RunFolder.requireRun(folder);
    return TrainingConfig.of(List.of(RunFolder.config(folder)), assignments);
  }

  /** As {@link #configOf}, with other settings, for what needs the run's images again. */
  private static TrainingConfig configOfKeptData(Path folder, List<String> assignments) {
    TrainingConfig config = configOf(folder, assignments);
    if (config.data().equals(DRAWN)) {
      throw new UserError(
          folder + ": the images of this run were drawn by './lentil demo' and are not kept; what came out "
              + "is in report.html and evaluation.json there, and './lentil demo' draws and trains anew");
    }
    return config;
  }

  /** Whether a run came to its end; what it has until then may be of a stage's best epoch so far. */
  public static boolean isFinished(Path folder) {
    return Files.exists(folder.resolve(Measurements.FILE_NAME));
  }

  /** @throws dev.lentil.ham10000.UserError if the run is not finished */
  public static void requireFinished(Path folder) {
    if (!isFinished(folder)) {
      throw new UserError(notFinished(folder));
    }
  }

  private static String notFinished(Path folder) {
    return folder + ": the run is not finished; continue it with '" + resuming(folder) + "'";
  }

  /**
   * Predicts validation and test images again with the weights that a run ended with; writes the results and the report. A run
   * that leaves the test images alone does so here too.
   *
   * @param device settings that say what calculates, instead of the run's own; they are not kept
   * @throws dev.lentil.ham10000.UserError if the run is not finished
   */
  public static Finished evaluate(Path folder, List<String> device, Program program, PrintWriter screen) {
    try (var run = RunFolder.open(folder)) {
      return evaluate(run, configOfKeptData(folder, List.of()), device, "evaluate", program, screen);
    }
  }

  /**
   * The same, but a run that left the test images alone looks at them now, and {@code evaluation.test} is true in its
   * configuration from then on.
   */
  public static Finished openTest(Path folder, List<String> device, Program program, PrintWriter screen) {
    try (var run = RunFolder.open(folder)) {
      TrainingConfig config = configOfKeptData(folder, List.of(Setting.EVALUATION_TEST.key() + "=true"));
      return evaluate(run, config, device, "evaluate --test", program, screen);
    }
  }

  private static Finished evaluate(RunFolder run, TrainingConfig config, List<String> device, String purpose,
      Program program, PrintWriter screen) {
    Path folder = run.path();
    requireFinished(folder);
    DeviceChoice choice = configOf(folder, device).device();
    if (config.evaluatesTest()) {
      TestLog.requireWritable(folder);
    }
    Model model = ModelFile.read(weights(folder));
    if (!Files.exists(RunFolder.history(run.path()))) {
      throw noWeights(folder);
    }
    try (var images = HamImages.open(config, line -> say(screen, line))) {
      Predictions predictions = predict(folder, images.data(), model, config, choice);
      Presentation shown = HamPresentation.of(images, List.of(config));
      RunResult result = RunResult.of(predictions, shown.baselines(), config.evaluation());
      // the log first: nothing that the test images say is on the disk without its line
      logTest(folder, program, config, purpose, result);
      RunEvaluation.write(predictions, result, folder);
      // last: whoever is stopped before finds the test images not yet looked at, and looks again
      if (config.evaluatesTest() != configOf(folder).evaluatesTest()) {
        RunFolder.write(RunFolder.config(run.path()), config.file());
      }
      List<EpochRecord> history = History.parse(RunFolder.read(RunFolder.history(run.path())));
      StagePlan plan = StagePlan.of(config, model.architecture().network(),
          images.data().training(config).batches());
      result.evaluation()
          .ifPresent(evaluation -> new RunReport(config, choice, RunEnvironment.read(RunFolder.environment(run.path())),
              images.data(), model, plan, history, evaluation, shown).write(folder));
      return new Finished(folder, result, Measurements.of(history, PeakMemory.now()));
    }
  }

  private static void logTest(Path run, Program program, TrainingConfig config, String purpose, RunResult result) {
    result.evaluation()
        .ifPresent(evaluation -> TestLog.add(run, program, config.file(), purpose, evaluation.test().auc().estimate()));
  }

  /**
   * The configuration of a run with other views, for what needs its images again.
   *
   * @throws dev.lentil.ham10000.UsageError if its images have no such views
   */
  static TrainingConfig configWith(Path folder, Views views) {
    configOfKeptData(folder, List.of());
    try {
      return TrainingConfig.ofAssignments(Optional.empty(), List.of(RunFolder.config(folder)), List.of(
          TrainingConfig.Assignment.onCommandLine("--views", Setting.EVALUATION_VIEWS.key() + "=" + views)));
    } catch (UsageError e) {
      throw new UsageError(e.getMessage() + " (run " + folder + ")", e);
    }
  }

  /**
   * Predicts as {@link #evaluate}, with other views, and writes nothing.
   *
   * @param views instead of the configured ones
   * @param device settings that say what calculates
   */
  static Predictions predict(Path folder, Views views, List<String> device, PrintWriter screen) {
    TrainingConfig config = configWith(folder, views);
    Model model = ModelFile.read(weights(folder));
    try (var images = HamImages.open(config, line -> say(screen, line))) {
      return predict(folder, images.data(), model, config, configOf(folder, device).device());
    }
  }

  private static Predictions predict(Path folder, RunData data, Model model, TrainingConfig config,
      DeviceChoice choice) {
    Inputs.requireSameImages(folder, data);
    try (Device device = choice.open();
        ParameterBank bank = device.load(model.architecture().network(), model.weights())) {
      return RunEvaluation.predict(device, bank, data, config);
    }
  }

  static void say(PrintWriter screen, String line) {
    screen.println(line);
    screen.flush();
  }

  private static Finished execute(RunFolder run, TrainingConfig config, List<String> changes, Program program,
      PrintWriter screen) {
    if (config.evaluatesTest()) {
      TestLog.requireWritable(run.path());
    }
    try (var log = new RunLog(run.log(), screen, ProgressPrinter.Style.detect())) {
      try (var images = HamImages.open(config, log::say)) {
        var outcome = new TrainingRun(run, config, images.data(), WeightFile.open(config.weights()).model(), log,
            changes).execute(program, () -> HamPresentation.of(images, List.of(config)),
                result -> logTest(run.path(), program, config, "train", result));
        log.say(outcome.text(run.path()));
        return new Finished(run.path(), outcome.result(), outcome.measurements());
      } catch (RunStopped e) {
        log.lastWords("Stopped.");
        throw e.saying("; '" + resuming(run.path()) + "' goes on from there");
      } catch (DivergedException e) {
        log.lastWords("Stopped by an error: " + e.getMessage());
        throw new UserError(e.getMessage() + "; '" + resuming(run.path()) + " --set stage" + e.stage()
            + ".learning-rate=LOWER' goes on from the checkpoint before it, which is sound", e);
      } catch (RuntimeException e) {
        log.lastWords("Stopped by an error: " + e.getMessage() + ".\nOnce that is mended, '" + resuming(run.path())
            + "' goes on " + (RunFolder.checkpoint(run.path()).exists()
                ? "from where the run was."
                : "with it; where a setting was the cause, with --set KEY=VALUE behind it."));
        throw e;
      }
    }
  }
}
