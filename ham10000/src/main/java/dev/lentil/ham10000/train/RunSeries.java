package dev.lentil.ham10000.train;

import dev.lentil.ham10000.OutFolder;
import dev.lentil.ham10000.UsageError;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.evaluate.PredictionsFile;
import dev.lentil.weights.WeightFile;
import dev.lentil.weights.store.WeightFileException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs of different settings in one folder, done one after the other. A run that is finished is not done again, one that was
 * interrupted goes on: after a stop the same command continues where it was.
 */
final class RunSeries {
  private final Path folder;
  private final Program program;
  private final PrintWriter screen;

  RunSeries(Path folder, Program program, PrintWriter screen) {
    this.folder = folder;
    this.program = program;
    this.screen = screen;
    OutFolder.make(folder);
  }

  /** What a finished run of a series is worth. */
  record Result(RunResult result, double secondsPerEpoch) {
    double validationAuc() {
      return result.validation().auc();
    }

    Optional<Evaluation> test() {
      return result.evaluation();
    }
  }

  /**
   * Requires that a run which has not begun finds what it needs, in its data and its weights: what the last one lacks shows before the
   * first is trained.
   *
   * @param name of the run's folder within the series'
   */
  void requireInputs(String name, TrainingConfig config) {
    if (!Runs.isRun(folder.resolve(name))) {
      try {
        HamImages.split(config);
        TrainedModel.requireFits(config, WeightFile.open(config.weights()).model());
      } catch (UsageError e) {
        // an option's name says more than that of a run
        throw e;
      } catch (UserError | WeightFileException e) {
        throw new UserError(e.getMessage() + " (run " + name + ")", e);
      }
    }
  }

  /**
   * Brings a run to its end.
   *
   * @param name of the run's folder within the series'
   * @param firstStage as {@link Runs#start}, where the run has not begun
   * @throws UserError if the folder holds a run with other settings
   */
  Result run(String name, TrainingConfig config, Optional<Path> firstStage) {
    Path run = folder.resolve(name);
    if (Runs.isRun(run)) {
      requireSame(run, config);
    }
    screen.println("==== " + name);
    screen.flush();
    if (!Runs.isFinished(run)) {
      if (Runs.isRun(run)) {
        Runs.resume(run, List.of(), program, screen);
      } else {
        Runs.start(run, config, firstStage, program, screen);
      }
    }
    return finished(run);
  }

  private static Result finished(Path run) {
    RunResult result = RunResult.of(PredictionsFile.read(run.resolve(PredictionsFile.FILE_NAME)), List.of(),
        Runs.configOf(run).evaluation());
    return new Result(result, Measurements.read(run).stages().getLast().medianSeconds());
  }

  private static void requireSame(Path run, TrainingConfig config) {
    Map<String, String> there = Runs.configOf(run).asMap();
    List<String> other = config.asMap().entrySet().stream()
        .filter(setting -> !setting.getValue().equals(there.get(setting.getKey())))
        // its test was opened since, which changes nothing that it learnt
        .filter(setting -> !setting.getKey().equals(Setting.EVALUATION_TEST.key()) || config.evaluatesTest())
        .map(setting -> setting.getKey() + " is " + there.get(setting.getKey()) + " there and " + setting.getValue()
            + " now")
        .toList();
    if (!other.isEmpty()) {
      throw new UserError(run + ": there is a run with other settings in this folder (" + String.join("; ", other)
          + "); choose another --out, or remove the run");
    }
  }
}
