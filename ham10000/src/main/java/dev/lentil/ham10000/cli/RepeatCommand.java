package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.train.Repetition;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lentil repeat}: the same configuration with several seeds, or cross-validated. */
@Command(
    name = "repeat",
    description = {
        "Train the same configuration with several seeds, and with --folds on every fold of the lesions; show mean and"
            + " standard deviation.",
        "The same command continues after a stop. Writes runs.md and runs.csv after every run."},
    footer = {
        "",
        "Examples:",
        "  ./lentil repeat --preset best --seeds 1,2,3 --out runs/best",
        "  ./lentil repeat --preset paper-intent --folds 5 --out runs/cross-validation"
    })
final class RepeatCommand implements Callable<Integer> {
  @Mixin
  private Output output;
  @Mixin
  private CalculationOptions calculation;
  @Mixin
  private ConfigOptions config;

  @Option(names = "--seeds", paramLabel = "N", split = ",", description = "Seeds, separated by commas. Default: 42.")
  private List<Long> seeds = List.of(42L);

  @Option(names = "--folds", paramLabel = "N",
      description = "Cross-validate: every lesion is a test lesion in one of N runs.")
  private Optional<Integer> folds = Optional.empty();

  @Option(names = "--first-stage-of", paramLabel = "FOLDER",
      description = "Begin each run with the stage 1 of the run of the same name in FOLDER, which was trained with"
          + " stage2.epochs = 0. Only settings after stage 1 may differ.")
  private Optional<Path> firstStages = Optional.empty();

  @Option(names = "--out", paramLabel = "FOLDER", required = true, description = "Folder for the runs and the tables.")
  private Path out;

  @Override
  public Integer call() {
    String table = new Repetition(seeds, folds).run(out, config.recipe(), config.files(),
        calculation.with(config.assignments(), output),
        firstStages, Version.program(), output.progress());
    var document = new LinkedHashMap<String, Object>();
    document.put("folder", out);
    document.put("table", out.resolve("runs.csv"));
    output.show(document, () -> table);
    return ExitCode.OK;
  }
}
