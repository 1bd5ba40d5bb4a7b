package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.demo.Demo;
import dev.lentil.ham10000.demo.DemoBase;
import dev.lentil.ham10000.demo.DemoDataset;
import dev.lentil.ham10000.evaluate.EvaluationJson;
import dev.lentil.ham10000.evaluate.EvaluationText;
import dev.lentil.ham10000.train.Program;
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

/** {@code lentil demo}: everything once, on lesions that are drawn on the spot. */
@Command(
    name = "demo",
    description = "Draw lesions, train both stages on them, evaluate and report. Needs no data and takes a few minutes.",
    footer = {"", "Examples:", "  ./lentil demo", "  ./lentil demo --train-base base.safetensors"})
final class DemoCommand implements Callable<Integer> {
  private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  @Mixin
  private Output output;

  @Option(names = "--run", paramLabel = "FOLDER", description = "The run's folder; runs/TIME-demo unless given.")
  private Optional<Path> run = Optional.empty();

  @Option(names = "--seed", paramLabel = "N",
      description = "Seed of the pictures and of the training. Default: ${DEFAULT-VALUE}.")
  private long seed = 42;

  @Option(names = "--set", paramLabel = "KEY=VALUE",
      description = "Change one setting of the training; may be repeated.")
  private List<String> assignments = List.of();

  @Option(names = "--train-base", paramLabel = "FILE",
      description = "Instead, train the base that the demonstration starts from on its own task, and write it.")
  private Optional<Path> trainBase = Optional.empty();

  @Option(names = "--epochs", paramLabel = "N", description = "Epochs of --train-base. Default: ${DEFAULT-VALUE}.")
  private int epochs = 12;

  @Override
  public Integer call() {
    if (trainBase.isPresent()) {
      var last = DemoBase.train(trainBase.get(), epochs, output.progress()).getLast();
      output.show(Map.of("file", trainBase.get(), "validation_accuracy", last.validation().accuracy()),
          () -> "Written " + trainBase.get());
      return ExitCode.OK;
    }
    var version = Version.current();
    Path folder = run.orElseGet(() -> Path.of("runs", LocalDateTime.now().format(TIMESTAMP) + "-demo"));
    var outcome =
        Demo.run(folder, seed, DemoDataset.LESIONS, assignments, new Program(version.version(), version.revision()),
            output.progress());
    var document = new LinkedHashMap<String, Object>();
    document.put("run", folder);
    document.put("measurements", outcome.run().measurements());
    document.put("evaluation", EvaluationJson.of(outcome.run().evaluation()));
    document.put("mean_colour_baseline_auc", outcome.meanColour().test().auc());
    output.show(document, () -> "Test AUC           " + EvaluationText.interval(outcome.run().evaluation().test().auc())
        + "\nMean colour alone  " + EvaluationText.interval(outcome.meanColour().test().auc())
        + "\nAll files are in " + folder);
    return ExitCode.OK;
  }
}
