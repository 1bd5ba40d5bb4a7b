package dev.lentil.ham10000.train;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.Once;
import dev.lentil.ham10000.OutFolder;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.evaluate.Baseline;
import dev.lentil.ham10000.evaluate.Ensemble;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.evaluate.EvaluationJson;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.evaluate.PredictionsFile;
import dev.lentil.io.FileReason;
import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.image.Views;
import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Several runs judged as one: the mean of their probabilities, with a threshold chosen on validation. */
public final class RunEnsemble {
  /** The file that says what was averaged. */
  public static final String FILE_NAME = "ensemble.json";

  private RunEnsemble() {}

  /**
   * Writes {@code ensemble.json}, {@code predictions.csv} and {@code evaluation.json} into a new folder, and a report if the
   * test images were judged and the first run's images are where they were.
   *
   * @param views of each image to predict anew; absent to take the runs' predictions as they are
   * @param device settings of the runs' configurations that say what calculates, instead of their own
   * @throws UserError if a run is not finished, the runs do not fit together, or the folder is that of a run or has an evaluation
   *     already
   */
  public static RunResult write(List<Path> runs, Optional<Views> views, List<String> device, Path out, Program program,
      PrintWriter screen) {
    runs.forEach(RunFolder::requireRun);
    Once.require("a run", runs.stream().map(Runs::itself).toList());
    runs.forEach(Runs::requireFinished);
    if (Runs.isRun(out)) {
      throw new UserError(out + ": this is the folder of a run; choose another with --out");
    }
    // written last: without it an ensemble that was interrupted is made anew
    if (Files.exists(out.resolve(EvaluationJson.FILE_NAME))) {
      throw new UserError(out + ": there is an evaluation in this folder already; choose another with --out");
    }
    if (Runs.configOf(runs.getFirst()).evaluatesTest()) {
      TestLog.requireWritable(out);
    }
    // all of them before the first is predicted
    views.ifPresent(v -> runs.forEach(run -> Runs.configWith(run, v)));
    List<Predictions> members = runs.stream()
        .map(run -> views.map(v -> Runs.predict(run, v, device, screen))
            .orElseGet(() -> PredictionsFile.read(run.resolve(PredictionsFile.FILE_NAME))))
        .toList();
    Predictions mean = mean(members);
    String description = description(out, runs,
        views.map(Views::toString).orElse("as each run was evaluated"));
    OutFolder.make(out);
    RunFolder.write(out.resolve(FILE_NAME), description);
    RunResult result = RunResult.of(mean, baselines(runs.getFirst(), screen),
        Runs.configOf(runs.getFirst()).evaluation());
    // the log first: who is stopped after it looks again
    result.evaluation().ifPresent(
        evaluation -> TestLog.add(out, program, description, "ensemble", evaluation.test().auc().estimate()));
    RunEvaluation.write(mean, result, out);
    result.evaluation().ifPresent(evaluation -> report(runs, views, device, evaluation, out, screen));
    return result;
  }

  /** Everything else is written before, and predictions need no image, so that a missing one costs the report alone. */
  private static void report(List<Path> runs, Optional<Views> views, List<String> device, Evaluation evaluation,
      Path out,
      PrintWriter screen) {
    TrainingConfig config = Runs.configOf(runs.getFirst(), device);
    try (var images = HamImages.open(config, line -> Runs.say(screen, line))) {
      new EnsembleReport(runs, views, config.device(), images.data(), evaluation,
          HamPresentation.of(images, runs.stream().map(Runs::configOf).toList()))
          .write(out);
      Runs.say(screen, "Report: " + RunFolder.report(out));
    } catch (UserError e) {
      Runs.say(screen, "No report: " + e.getMessage());
    }
  }

  /** Those of the first run, where its metadata are still there. */
  private static List<Baseline> baselines(Path run, PrintWriter screen) {
    TrainingConfig config = Runs.configOf(run);
    Path file = config.data().resolve(Metadata.FILE_NAME);
    if (!Files.exists(file)) {
      Runs.say(screen, FileReason.unreachable(file).map(reason -> file + " cannot be read (" + reason + ")")
          .orElse("No " + file) + ": judged without the baseline of age, sex and site");
      return List.of();
    }
    return HamPresentation.baselines(config.split(Metadata.read(file)));
  }

  private static Predictions mean(List<Predictions> members) {
    try {
      return Ensemble.mean(members);
    } catch (IllegalArgumentException e) {
      throw new UserError("the runs cannot be averaged: " + e.getMessage() + "; name runs of the same data, split and "
          + "mode, all of which evaluated the test images or none ('./lentil evaluate RUN --test' opens a run's)", e);
    }
  }

  /**
   * The text of {@code ensemble.json}. It says where the runs are from the ensemble's folder, so that it can be read from anywhere
   * and stays true when all of them move together.
   *
   * @param folder of the ensemble
   */
  public static String description(Path folder, List<Path> runs, String views) {
    var description = new LinkedHashMap<String, Object>();
    description.put("disclaimer", Disclaimer.TEXT);
    description.put("runs", runs.stream().map(run -> seenFrom(folder.toAbsolutePath().normalize(),
        run.toAbsolutePath().normalize())).toList());
    description.put("views", views);
    description.put("averaged", "probabilities");
    return Json.pretty(description) + "\n";
  }

  /** From another drive a folder has its whole path only. */
  private static String seenFrom(Path folder, Path run) {
    Path path = folder.getRoot().equals(run.getRoot()) ? folder.relativize(run) : run;
    return path.toString().replace(File.separatorChar, '/');
  }
}
