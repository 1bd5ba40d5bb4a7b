package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.train.Runs;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lentil evaluate}: judges the weights of a finished run once more. */
@Command(
    name = "evaluate",
    description = {
        "Predict the validation and test images with the weights of a run and judge the result.",
        "Thresholds are chosen on validation and reported on test; one chosen on test is marked optimistic.",
        "Writes predictions.csv, evaluation.json and report.html into the run's folder."},
    footer = {"", "Example:", "  ./lentil evaluate runs/seed-7 --json"})
final class EvaluateCommand implements Callable<Integer> {
  @Mixin
  private Output output;

  @Parameters(paramLabel = "RUN", description = "The run's folder.")
  private Path run;

  @Override
  public Integer call() {
    var finished = Runs.evaluate(run, Version.program(), output.progress());
    output.show(finished.result().json(), finished.result()::text);
    return ExitCode.OK;
  }
}
