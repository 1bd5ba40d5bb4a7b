package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.train.Recipe;
import dev.lentil.ham10000.train.Runs;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lentil train}: both stages on HAM10000, then evaluation and report. */
@Command(
    name = "train",
    description = "Train MobileNetV2 on HAM10000 in two stages, evaluate it and write a report.",
    footer = {
        "",
        "Examples:",
        "  ./lentil train --preset paper-intent",
        "  ./lentil train --preset paper-intent --device cuda --precision bfloat16",
        "  ./lentil train --config my.properties --set seed=7 --run runs/seed-7",
        "  ./lentil train --resume runs/seed-7",
        "  ./lentil train --resume runs/seed-7 --set stage2.learning-rate=1e-6",
        "  ./lentil train --print-config > my.properties"
    })
final class TrainCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  @Mixin
  private Output output;

  @Mixin
  private CalculationOptions calculation;

  @Mixin
  private ConfigOptions config;

  @Option(names = "--run", paramLabel = "FOLDER", description = "The run's folder. Default: runs/TIME-PRESET.")
  private Optional<Path> run;

  @Option(names = "--resume", paramLabel = "FOLDER",
      description = "Continue an interrupted run from its last checkpoint. With --set some settings may change (docs/runs.md).")
  private Optional<Path> resume;

  @Option(names = "--first-stage-of", paramLabel = "RUN",
      description = "Begin with the stage 1 of this run, which was trained with stage2.epochs = 0, instead of training it"
          + " again. Only settings after stage 1 may differ.")
  private Optional<Path> firstStage = Optional.empty();

  @Option(names = "--print-config",
      description = "Print the configuration that would be used, with an explanation of every key, and stop.")
  private boolean printConfig;

  @Override
  public Integer call() {
    var program = Version.program();
    List<String> assignments = calculation.with(config.assignments(), output);
    if (resume.isPresent()) {
      output.refuse("is not for --resume, which goes on with what is in the run's folder; leave it out",
          "--config", "--preset", "--run", "--first-stage-of");
      output.refuse("is not for --resume, which trains; the run's configuration is in its config.properties",
          "--print-config");
      show(Runs.resume(resume.get(), assignments, program, output.progress()));
      return ExitCode.OK;
    }
    var chosen = config.read(assignments);
    if (printConfig) {
      output.refuse("is not for --print-config, which trains nothing; leave out one of the two", "--run",
          "--first-stage-of");
      output.showFile(Map.of("configuration", chosen.asMap()), chosen::file);
      return ExitCode.OK;
    }
    Path folder =
        run.orElseGet(() -> Path.of("runs",
            LocalDateTime.now().format(TIMESTAMP) + "-" + config.recipe().map(Recipe::toString).orElse(chosen.cut())));
    show(Runs.start(folder, chosen, firstStage, program, output.progress()));
    return ExitCode.OK;
  }

  private void show(Runs.Finished finished) {
    var document = new LinkedHashMap<String, Object>();
    document.put("run", finished.folder());
    document.put("measurements", finished.measurements());
    document.put("evaluation", finished.result().json());
    output.show(document, () -> "Done. All files are in " + finished.folder());
  }
}
