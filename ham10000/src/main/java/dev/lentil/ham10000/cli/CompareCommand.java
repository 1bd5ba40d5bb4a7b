package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.Once;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.evaluate.LesionBootstrap;
import dev.lentil.ham10000.evaluate.RunComparison;
import dev.lentil.ham10000.evaluate.RunComparisonText;
import dev.lentil.ham10000.results.QuotedPredictions;
import dev.lentil.ham10000.train.Runs;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lentil compare}: whether runs differ by more than chance. */
@Command(
    name = "compare",
    description = {
        "Compare the predictions of runs or ensembles on the same test images.",
        "For every pair it shows the difference in AUC with its interval by lesions, DeLong's test, and McNemar's test at"
            + " each run's own threshold (highest accuracy on validation). With more than two runs p-values are adjusted for"
            + " the number of pairs (Holm)."},
    footer = {"", "Example:", "  ./lentil compare runs/seed-7 runs/seed-8 --json"})
final class CompareCommand implements Callable<Integer> {
  @Mixin
  private Output output;

  @Mixin
  private MetadataOptions data;

  @Parameters(paramLabel = "RUN", arity = "2..*",
      description = "Folders of runs or ensembles. For those in ham10000/results the lesions and diagnoses are read from the"
          + " metadata in --data.")
  private List<Path> runs;

  @Override
  public Integer call() {
    var comparison = comparison();
    output.show(RunComparisonText.json(comparison), () -> RunComparisonText.of(comparison));
    return ExitCode.OK;
  }

  private RunComparison comparison() {
    Once.require("a run", runs.stream().map(Runs::itself).toList());
    var models = runs.stream().map(run -> new RunComparison.Named(run.toString(),
        QuotedPredictions.readIn(run, data::metadata))).toList();
    try {
      return RunComparison.of(models, LesionBootstrap.DEFAULT);
    } catch (IllegalArgumentException e) {
      throw new UserError(e.getMessage() + "; name runs of the same data and split that evaluated the test images", e);
    }
  }
}
