package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.train.Recipe;
import dev.lentil.ham10000.train.Runs;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

  @Spec
  private CommandSpec command;

  @Mixin
  private Output output;

  @Mixin
  private CalculationOptions calculation;

  @Mixin
  private ConfigOptions config;

  @Option(names = "--run", paramLabel = "FOLDER", description = "The run's folder; runs/TIME-PRESET unless given.")
  private Optional<Path> run;

  @Option(names = "--resume", paramLabel = "FOLDER",
      description = "Continue an interrupted run from its last checkpoint; with --set some settings may change:"
          + " docs/runs.md.")
  private Optional<Path> resume;

  @Option(names = "--first-stage-of", paramLabel = "RUN",
      description = "Begin with the stage 1 of this run, which was trained with stage2.epochs = 0, instead of training it"
          + " again; only what follows it may differ.")
  private Optional<Path> firstStage = Optional.empty();

  @Option(names = "--print-config",
      description = "Print the configuration that would be used, every key explained, and stop.")
  private boolean printConfig;

  @Override
  public Integer call() {
    var program = Version.program();
    List<String> assignments = calculation.with(config.assignments());
    if (resume.isPresent()) {
      if (config.begins() || run.isPresent() || firstStage.isPresent()) {
        throw new ParameterException(command.commandLine(),
            "--resume goes on with what is in the run's folder; leave out --config, --preset, --run and"
                + " --first-stage-of");
      }
      show(Runs.resume(resume.get(), assignments, program, output.progress()));
      return ExitCode.OK;
    }
    var chosen = config.read(assignments);
    if (printConfig) {
      command.commandLine().getOut().print(chosen.file());
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
