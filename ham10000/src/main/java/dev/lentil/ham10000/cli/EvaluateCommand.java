package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.train.Runs;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lentil evaluate}: judges the weights of a finished run once more. */
@Command(
    name = "evaluate",
    description = {
        "Predict the validation and test images with the weights of a run and evaluate the predictions.",
        "Thresholds are chosen on validation and reported on test; one chosen on test is marked optimistic.",
        "Writes predictions.csv, evaluation.json and report.html into the run's folder. Every look at the test images adds a"
            + " line to test-evaluations.csv beside the folder."},
    footer = {
        "",
        "Examples:",
        "  ./lentil evaluate runs/seed-7 --json",
        "  ./lentil evaluate runs/chosen --test"
    })
final class EvaluateCommand implements Callable<Integer> {
  @Mixin
  private Output output;

  @Mixin
  private CalculationOptions calculation;

  @Parameters(paramLabel = "RUN", description = "The run's folder.")
  private Path run;

  @Option(names = "--test",
      description = "Once all choices are made: also evaluate the test images of a finished run that has%n  evaluation.test=false."
          + " From then on its configuration says true.")
  private boolean test;

  @Override
  public Integer call() {
    List<String> device = calculation.with(List.of(), output);
    var finished = test
        ? Runs.openTest(run, device, Version.program(), output.progress())
        : Runs.evaluate(run, device, Version.program(), output.progress());
    output.show(finished.result().json(), finished.result()::text);
    return ExitCode.OK;
  }
}
