package dev.lentil.bench;

import dev.lentil.bench.compare.Case;
import dev.lentil.bench.compare.ComparisonProcess;
import dev.lentil.bench.compare.ModelFolder;
import dev.lentil.bench.compare.Pace;
import dev.lentil.bench.compare.RandomModel;
import dev.lentil.bench.compare.Result;
import dev.lentil.bench.contender.Build;
import dev.lentil.bench.epoch.HeadEpoch;
import dev.lentil.bench.first.FirstInferences;
import dev.lentil.bench.jmh.JmhReport;
import dev.lentil.bench.layers.LayerProfile;
import dev.lentil.bench.layers.ProfileText;
import dev.lentil.bench.memory.MemoryReport;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.cli.Output;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.weights.WeightFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lentil bench}: Lentil beside ONNX Runtime and PyTorch. */
@Command(
    name = "bench",
    description = "Measure Lentil beside ONNX Runtime (inference) and PyTorch (training) on the same work.",
    footer = {"",
        "Each case runs in a process of its own; with --quick all cases of one kind run in one process. Both programs get the same "
            + "weights and the same images. First their results are compared, then they are timed in turn. Times are medians of "
            + "one run over the whole batch. A ratio below 1 means that Lentil is faster.",
        "",
        "Example:",
        "  ./lentil bench --quick --json"})
final class BenchCommand implements Callable<Integer> {
  private static final int CLASSES = 1000;
  private static final int FIRST_IMAGES = 200;
  private static final List<String> INFERENCE_PEERS = List.of("onnxruntime", "pytorch");

  @Option(names = "--quick",
      description = "A shorter measurement, less than a minute in all. PyTorch's training step is measured once.")
  private boolean quick;

  @Option(names = "--only", paramLabel = "NAME",
      description = "Only the cases whose name contains NAME, such as 'infer b1 t1' or 'train'; may be repeated.")
  private List<String> only = List.of();

  @Option(names = "--peer", paramLabel = "NAME",
      description = "The program to compare with: onnxruntime (the default) or pytorch, for inference only; or another build "
          + "of Lentil (its jar or its project's folder), for all cases.")
  private Optional<String> peer;

  @Option(names = "--weights", paramLabel = "FILE",
      description = "A classifier's weights. Default: random ones, alpha 1.0 at 224x224.")
  private Optional<Path> weights;

  @ArgGroup(exclusive = true)
  private Other other = new Other();

  @Option(names = "--threads", paramLabel = "N", defaultValue = "1",
      description = "Threads, only for --layers, --memory, --first and --epoch (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(names = "--batch", paramLabel = "N",
      description = "Images, only for --layers (default: 1, training 32) and for the training of --memory (default: 32).")
  private Optional<Integer> batch;

  @Option(names = "--param", paramLabel = "NAME=VALUE",
      description = "Run a JMH benchmark with only this value of a parameter; may be repeated.")
  private Map<String, String> parameters = Map.of();

  @Option(names = "--alpha", defaultValue = "1.0", hidden = true, description = "Width of the random weights.")
  private double alpha;

  @Option(names = "--resolution", defaultValue = "224", hidden = true, description = "Size of the images.")
  private int resolution;

  @Mixin
  private Output output;

  /** What else can be measured. */
  private static final class Other {
    @Option(names = "--layers", paramLabel = "WORK", arity = "0..1", fallbackValue = "inference",
        description = "The time of each step of an inference (or, with 'training', of a training step) beside its roofline.")
    private Optional<LayerProfile.Work> layers = Optional.empty();

    @Option(names = "--memory", description = "The peak resident memory and the time of whole processes.")
    private boolean memory;

    @Option(names = "--first", description = "The first inferences of a process that has just begun.")
    private boolean first;

    @Option(names = "--epoch",
        description = "The time of an epoch that trains only the head, beside inference alone and augmentation alone.")
    private boolean epoch;

    @Option(names = "--jmh", paramLabel = "PATTERN", arity = "0..1", fallbackValue = ".*",
        description = "The JMH benchmarks whose names contain PATTERN, a regular expression: Pointwise, Depthwise, "
            + "Inference, Training, Jpeg.")
    private String jmh = "";

    /** The options that what was chosen takes. */
    private Set<String> options() {
      if (!jmh.isEmpty()) {
        return Set.of("--quick", "--param");
      }
      var taken = new HashSet<>(List.of("--weights", "--alpha", "--resolution"));
      if (layers.isPresent()) {
        taken.addAll(List.of("--quick", "--threads", "--batch"));
      } else if (memory) {
        taken.addAll(List.of("--threads", "--batch"));
      } else if (first) {
        taken.addAll(List.of("--quick", "--threads"));
      } else if (epoch) {
        taken.add("--threads");
      } else {
        taken.addAll(List.of("--quick", "--only", "--peer"));
      }
      return taken;
    }
  }

  @Override
  public Integer call() {
    requireOwnOptions();
    output.requirePositive("--threads", threads);
    batch.ifPresent(n -> output.requirePositive("--batch", n));
    if (other.layers.isPresent()) {
      var warmUp = Duration.ofSeconds(quick ? 1 : 5);
      var profile = switch (other.layers.get()) {
        case INFERENCE -> LayerProfile.inference(model(), batch.orElse(1), threads, warmUp);
        case TRAINING -> LayerProfile.training(model(), batch.orElse(32), threads, warmUp);
      };
      output.show(ProfileText.document(profile), () -> ProfileText.text(profile));
    } else if (other.memory) {
      var launcher = Optional.ofNullable(System.getProperty("lentil.launcher")).map(Path::of);
      var report = MemoryReport.measure(model(), batch.orElse(32), threads, launcher);
      output.show(report.rows().stream().map(MemoryReport.Row::document).toList(), report::text);
    } else if (other.first) {
      var first = FirstInferences.measure(model(), threads, quick ? 10 : FIRST_IMAGES);
      output.show(first.rows().stream().map(FirstInferences.Row::document).toList(), first::text);
    } else if (other.epoch) {
      var epoch = HeadEpoch.measure(model(), threads);
      output.show(epoch.document(), epoch::text);
    } else if (!other.jmh.isEmpty()) {
      var report = JmhReport.run(other.jmh, parameters, quick, System.err);
      output.show(report.document(), report::text);
    } else {
      compare();
    }
    return ExitCode.OK;
  }

  /** An option of another measurement would be left out without a word. */
  private void requireOwnOptions() {
    Set<String> own = other.options();
    for (String option : List.of("--quick", "--only", "--peer", "--weights", "--threads", "--batch", "--param",
        "--alpha",
        "--resolution")) {
      if (!own.contains(option)) {
        output.refuse("is not for this measurement; './lentil bench --help' says what it is for", option);
      }
    }
    if (weights.isPresent()) {
      output.refuse("is of the random weights; leave it out, or --weights", "--alpha", "--resolution");
    }
  }

  private void compare() {
    List<Case> cases = cases();
    Optional<Path> build = build();
    if (peer.isPresent() && !INFERENCE_PEERS.contains(peer.get()) && build.isEmpty()) {
      throw new UserError("--peer " + peer.get() + " is not known; there are " + String.join(", ", INFERENCE_PEERS)
          + ", and the jar or the project's folder of another build of Lentil");
    }
    var measured = new HashMap<String, Result>();
    try (var files = new ModelFolder(model())) {
      for (List<Case> together : processes(cases)) {
        ComparisonProcess
            .measure(together, files.weights(), peer(together.getFirst(), build), quick ? Pace.QUICK : Pace.FULL)
            .forEach(result -> measured.put(result.name(), result));
        if (!output.json() && together.size() < cases.size()) {
          together.forEach(which -> output.progress().println(which.name() + " done"));
          output.progress().flush();
        }
      }
    }
    List<Result> results = cases.stream().map(which -> measured.get(which.name())).toList();
    output.show(results.stream().map(Result::document).toList(), () -> Result.table(results));
  }

  /** The cases of each process, in the order in which they are measured. */
  private List<List<Case>> processes(List<Case> cases) {
    if (!quick) {
      return cases.stream().map(List::of).toList();
    }
    // the first step of PyTorch takes twice as long as the others, so that the case with most threads comes first
    return cases.stream().sorted(Comparator.comparing(Case::threads).reversed())
        .collect(Collectors.groupingBy(Case::work, TreeMap::new, Collectors.toList())).values().stream().toList();
  }

  private List<Case> cases() {
    // several callers are measured beside ONNX Runtime's one session alone
    List<Case> cases = Case.all().stream()
        .filter(which -> which.callers() == 1 || peer.orElse(which.work().peer()).equals(which.work().peer()))
        .filter(which -> only.isEmpty() || only.stream().anyMatch(which.name()::contains)).toList();
    if (cases.isEmpty()) {
      throw output.badUsage("--only " + String.join(", ", only) + " is no case; there are "
          + String.join(", ", Case.all().stream().map(Case::name).toList()));
    }
    return cases;
  }

  private Optional<Path> build() {
    return peer.filter(name -> !INFERENCE_PEERS.contains(name)).flatMap(Build::jar);
  }

  private String peer(Case which, Optional<Path> build) {
    return build.map(Path::toString).orElseGet(() -> peer(which));
  }

  private String peer(Case which) {
    return which.work() == Case.Work.INFER ? peer.orElse(which.work().peer()) : which.work().peer();
  }

  private Model model() {
    if (weights.isEmpty()) {
      return RandomModel.of(MobileNetV2.keras(alpha, resolution, resolution, new Head.Classifier(CLASSES)));
    }
    Model model = WeightFile.open(weights.get()).model();
    if (model.architecture().head() instanceof Head.Features) {
      throw new UserError(weights.get() + ": these weights have no classes, only features; give a classifier's");
    }
    return model;
  }
}
