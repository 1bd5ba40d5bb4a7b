package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.train.RunEnsemble;
import dev.lentil.mobilenetv2.image.Views;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lentil ensemble}: several runs judged as one. */
@Command(
    name = "ensemble",
    description = {
        "Average the probabilities of several runs, or of several views of one run, and evaluate the result.",
        "Thresholds are chosen on the averaged validation predictions. Writes ensemble.json, predictions.csv,"
            + " evaluation.json and, if the test images were evaluated, report.html into a new folder. The runs do not change."},
    footer = {
        "",
        "Examples:",
        "  ./lentil ensemble runs/seed-1 runs/seed-2 runs/seed-3 --out runs/ensemble",
        "  ./lentil ensemble runs/seed-1 --views dihedral --out runs/seed-1-views"
    })
final class EnsembleCommand implements Callable<Integer> {
  @Mixin
  private Output output;

  @Mixin
  private CalculationOptions calculation;

  @Parameters(paramLabel = "RUN", arity = "1..*", description = "The runs' folders.")
  private List<Path> runs;

  @Option(names = "--views", paramLabel = "VIEWS", converter = ViewsConverter.class,
      description = "Predict again and average the views of each image: 1, flips (4) or dihedral (8). Default: use the runs'"
          + " predictions.csv.")
  private Optional<Views> views = Optional.empty();

  @Option(names = "--out", paramLabel = "FOLDER", required = true, description = "A new folder for the results.")
  private Path out;

  /** {@code 1}, {@code flips}, {@code dihedral}. */
  private static final class ViewsConverter extends NamedConverter<Views> {
    ViewsConverter() {
      super(Views.values());
    }
  }

  @Override
  public Integer call() {
    var result = RunEnsemble.write(runs, views, calculation.with(List.of(), output), out, Version.program(),
        output.progress());
    output.show(result.json(), result::text);
    return ExitCode.OK;
  }
}
