package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.Shell;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.demo.Demo;
import dev.lentil.ham10000.demo.DemoBase;
import dev.lentil.ham10000.demo.DemoDataset;
import dev.lentil.ham10000.evaluate.EvaluationText;
import dev.lentil.io.FileReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lentil demo}: everything once, on lesions that are drawn on the spot. */
@Command(
    name = "demo",
    description = "Draw lesions, train a small MobileNetV2 on them in two stages, evaluate it and write a report. Needs no data.",
    footer = {
        "",
        "Examples:",
        "  ./lentil demo",
        "  ./lentil demo --seed 7 --run runs/demo-seed-7",
        "  ./lentil demo --from-scratch",
        "  ./lentil demo --train-base base.safetensors"
    })
final class DemoCommand implements Callable<Integer> {
  private static final Path FOLDER = Path.of("runs", "demo");

  @Mixin
  private Output output;

  @Mixin
  private CalculationOptions calculation;

  @Option(names = "--run", paramLabel = "FOLDER",
      description = "The run's folder. Default: the first of runs/demo, runs/demo-2, ... that does not exist yet.")
  private Optional<Path> run = Optional.empty();

  @Option(names = "--seed", paramLabel = "N",
      description = "Seed of the pictures and of the training. Default: ${DEFAULT-VALUE}.")
  private long seed = 42;

  @Option(names = "--set", paramLabel = "KEY=VALUE",
      description = "Change one setting of the training, as in 'train'; may be repeated.")
  private List<String> assignments = List.of();

  @Option(names = "--from-scratch", description = "Start from random weights instead of the base, for comparison.")
  private boolean fromScratch;

  @Option(names = "--base", paramLabel = "FILE",
      description = "Start from this base, such as one made by --train-base.")
  private Optional<Path> base = Optional.empty();

  @Option(names = "--train-base", paramLabel = "FILE",
      description = "Instead of the demonstration, train the base on its own task (drawn pebbles) and write it to a new file.")
  private Optional<Path> trainBase = Optional.empty();

  @Option(names = "--epochs", paramLabel = "N", description = "Epochs of --train-base. Default: ${DEFAULT-VALUE}.")
  private int epochs = DemoBase.EPOCHS;

  @Override
  public Integer call() {
    if (fromScratch && base.isPresent()) {
      throw output.badUsage("--from-scratch uses no base; leave out --base");
    }
    output.requirePositive("--epochs", epochs);
    if (seed < 0) {
      throw output.badUsage("--seed is " + seed + ", but must be at least 0");
    }
    if (trainBase.isPresent()) {
      output.refuse("is not for --train-base, which trains on a task and a seed of its own; leave out one of the two",
          "--run", "--seed", "--set", "--base", "--from-scratch");
      trainBase(trainBase.get());
    } else {
      output.refuse("is for --train-base; write --set stage1.epochs=N and --set stage2.epochs=N", "--epochs");
      demonstrate();
    }
    return ExitCode.OK;
  }

  private void trainBase(Path file) {
    if (Files.exists(file)) {
      throw new UserError(file + " exists; give --train-base another name");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new UserError(FileReason.unreachable(folder)
          .map(reason -> file + ": cannot be written there (" + reason + "); choose another file")
          .orElse(file + ": there is no such folder to write to; make it, or choose another file"));
    }
    var last = DemoBase.train(file, epochs, calculation.choose(output), output.progress()).getLast();
    var document = new LinkedHashMap<String, Object>();
    document.put("file", file);
    document.put("validation_accuracy", last.validation().accuracy());
    output.show(document, () -> String.format(Locale.ROOT, "Right about %.1f%% of the validation pictures. Written: %s",
        100 * last.validation().accuracy(), file));
  }

  private void demonstrate() {
    long started = System.nanoTime();
    Path folder = run.orElseGet(DemoCommand::freeFolder);
    Demo.Base start = fromScratch
        ? new Demo.Base.Untrained()
        : base.<Demo.Base>map(Demo.Base.OfFile::new).orElseGet(Demo.Base.BuiltIn::new);
    var outcome = Demo.run(folder, seed, DemoDataset.LESIONS, start, calculation.with(assignments, output),
        Version.program(), output.progress());
    var taken = Duration.ofNanos(System.nanoTime() - started);
    var document = new LinkedHashMap<String, Object>();
    document.put("run", folder);
    document.put("report", outcome.run().report());
    document.put("pictures", outcome.pictures());
    document.put("seconds", taken.toMillis() / 1e3);
    document.put("measurements", outcome.run().measurements());
    document.put("evaluation", outcome.run().result().json());
    output.show(document, () -> text(outcome, taken));
  }

  private static Path freeFolder() {
    Path folder = FOLDER;
    for (int i = 2; Files.exists(folder); i++) {
      folder = FOLDER.resolveSibling(FOLDER.getFileName() + "-" + i);
    }
    return folder;
  }

  private static String text(Demo.Outcome outcome, Duration taken) {
    var evaluation = outcome.run().result().evaluation().orElseThrow();
    var primary = evaluation.primary();
    var m = primary.matrix();
    var test = evaluation.test();
    return String.format(Locale.ROOT, """

        Test: %d images of %d lesions that the network has not seen; malignant above %.4f, the threshold of
        %s

                            called benign   called malignant
        benign              %13d   %16d
        malignant           %13d   %16d

        Accuracy %.4f, sensitivity %.4f, specificity %.4f

        AUC                 %s
        mean colour alone   %s

        Report              %s
        Time                %d s, of which training %.0f s
        Test pictures       %d of them, in %s; for example
                            ./lentil explain %s --run %s --out maps
        """, test.images(), outcome.split().lesions(Split.Subset.TEST), primary.threshold(), primary.title(),
        m.count(0, 0), m.count(0, 1), m.count(1, 0), m.count(1, 1), m.accuracy(), m.sensitivity(), m.specificity(),
        EvaluationText.interval(test.auc()), EvaluationText.interval(outcome.meanColour().auc()),
        outcome.run().report(), taken.toSeconds(), outcome.run().measurements().stages().stream()
            .mapToDouble(stage -> stage.totalSeconds()).sum(),
        outcome.pictures().size(), outcome.pictures().getFirst().getParent(), Shell.word(example(outcome.pictures())),
        Shell.word(outcome.run().folder()));
  }

  /** A melanoma if there is one. */
  private static Path example(List<Path> pictures) {
    return pictures.stream().filter(file -> file.getFileName().toString().startsWith(Diagnosis.MEL.code())).findFirst()
        .orElse(pictures.getFirst());
  }
}
