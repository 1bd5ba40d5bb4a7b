package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.train.Ablation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lentil ablate}: what each change to a configuration is worth, on validation alone. */
@Command(
    name = "ablate",
    description = {
        "Train every configuration of a list and compare them on the validation images; no test image is looked at.",
        "The list is a CSV file with the columns name, recipe and settings. Its first row is the base of all others. The"
            + " same command continues after a stop. Writes ablations.md and ablations.csv after every row."},
    footer = {
        "",
        "Example:",
        "  ./lentil ablate ham10000/recipes/ablations.csv --out runs/ablations \\",
        "    --only binary,no-colours"
    })
final class AblateCommand implements Callable<Integer> {
  @Mixin
  private Output output;

  @Mixin
  private CalculationOptions calculation;

  @Parameters(paramLabel = "FILE", description = "The list, such as ham10000/recipes/ablations.csv.")
  private Path file;

  @Option(names = "--out", paramLabel = "FOLDER", required = true, description = "Folder for the runs and the tables.")
  private Path out;

  @Option(names = "--seeds", paramLabel = "N", split = ",",
      description = "Seeds, separated by commas; each row is trained with each seed. Default: 1.")
  private List<Long> seeds = List.of(1L);

  @Option(names = "--only", paramLabel = "NAME", split = ",", description = "Train only these rows, and the base.")
  private List<String> only = new ArrayList<>();

  @Option(names = "--set", paramLabel = "KEY=VALUE",
      description = "A setting for all rows, such as data=FOLDER; a row's own settings override it. May be repeated.")
  private List<String> assignments = new ArrayList<>();

  @Override
  public Integer call() {
    var all = Ablation.read(file);
    var chosen = only.isEmpty() ? all : all.only(only);
    String table = chosen.run(out, seeds, calculation.with(assignments, output), Version.program(), output.progress());
    var document = new LinkedHashMap<String, Object>();
    document.put("folder", out);
    document.put("table", out.resolve("ablations.csv"));
    output.show(document, () -> table);
    return ExitCode.OK;
  }
}
