package dev.lentil.ham10000.train;

import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.train.ProgressPrinter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** Runs on HAM10000: started, continued. */
public final class Runs {
  private Runs() {}

  /**
   * What a finished run leaves.
   *
   * @param measurements time and memory
   */
  public record Finished(Path folder, Evaluation evaluation, Object measurements) {}

  /**
   * Starts a run in a new folder and brings it to its end.
   *
   * @throws dev.lentil.ham10000.UserError if there is a run in the folder
   */
  public static Finished start(Path folder, TrainingConfig config, Program program, PrintWriter screen) {
    try (var run = RunFolder.create(folder)) {
      RunFolder.write(run.config(), config.file());
      return execute(run, config, program, screen);
    }
  }

  /** Continues a run from its last checkpoint, with the configuration in its folder. */
  public static Finished resume(Path folder, Program program, PrintWriter screen) {
    try (var run = RunFolder.open(folder)) {
      return execute(run, configOf(folder), program, screen);
    }
  }

  /** The configuration that a run was started with. */
  public static TrainingConfig configOf(Path folder) {
    RunFolder.requireRun(folder);
    return TrainingConfig.of(List.of(folder.resolve("config.properties")), List.of());
  }

  private static Finished execute(RunFolder run, TrainingConfig config, Program program, PrintWriter screen) {
    try (var log = new RunLog(run.log(), screen, ProgressPrinter.Style.detect());
        var images = HamImages.open(config, log::say)) {
      var outcome = new TrainingRun(run, config, images.data(), ModelFile.read(config.weights()), log)
          .execute(program, () -> HamPresentation.of(images, config));
      return new Finished(run.path(), outcome.evaluation(), outcome.measurements());
    }
  }
}
