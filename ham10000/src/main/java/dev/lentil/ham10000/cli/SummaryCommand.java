package dev.lentil.ham10000.cli;

import dev.lentil.mobilenetv2.Cut;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Summary;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lentil summary}: the layer table of any MobileNetV2, and what a cut would train of it. */
@Command(
    name = "summary",
    description = "Show the layers of a MobileNetV2: shapes, parameters, multiply-adds, memory.",
    footer = {"", "Multiply-adds are counted for convolutions and dense layers; batch normalisation folds into them.",
        "",
        "Example:", "  ./lentil summary --alpha 0.35 --resolution 96 --cut paper-intent"})
final class SummaryCommand implements Callable<Integer> {
  /** The paddings that a MobileNetV2 can have. */
  private enum PaddingOption {
    KERAS(Padding.KERAS),
    SYMMETRIC(Padding.SYMMETRIC);

    private final Padding padding;

    PaddingOption(Padding padding) {
      this.padding = padding;
    }
  }

  @Option(names = "--alpha", defaultValue = "1.0", description = "Width multiplier (default: ${DEFAULT-VALUE}).")
  private double alpha;

  @Option(names = "--resolution", paramLabel = "N", defaultValue = "224",
      description = "Rows and columns of the input (default: ${DEFAULT-VALUE}).")
  private int resolution;

  @Option(names = "--height", paramLabel = "N", description = "Rows, if they differ from --resolution.")
  private Optional<Integer> height;

  @Option(names = "--width", paramLabel = "N", description = "Columns, if they differ from --resolution.")
  private Optional<Integer> width;

  @Option(names = "--classes", paramLabel = "N", defaultValue = "1",
      description = "Outputs: 1 with a sigmoid, several with a "
          + "softmax, 0 for only the features (default: ${DEFAULT-VALUE}).")
  private int classes;

  @Option(names = "--padding", defaultValue = "keras", description = "keras or symmetric (default: ${DEFAULT-VALUE}).")
  private PaddingOption padding;

  @Option(names = "--cut", paramLabel = "CUT",
      description = "Show what is trained if fine-tuning begins there: paper-literal, paper-intent, "
          + "tutorial, full, or a layer's name or Keras number.")
  private Optional<String> cut;

  @Option(names = "--allow-empty-cut", description = "Accept a cut that trains nothing of the base.")
  private boolean allowEmptyCut;

  @Mixin
  private Output output;

  @Override
  public Integer call() {
    if (classes < 0) {
      throw output.badUsage("--classes is " + classes + ", but must be 0 or more");
    }
    if (cut.isEmpty()) {
      output.refuse("is for --cut; leave it out", "--allow-empty-cut");
    }
    if (height.isPresent() && width.isPresent()) {
      output.refuse("would do nothing beside --height and --width; leave it out", "--resolution");
    }
    Head head = switch (classes) {
      case 0 -> new Head.Features();
      case 1 -> Head.binary();
      default -> Head.categories(classes);
    };
    var architecture = architecture(head);
    Network network = architecture.network();
    Optional<Cut> chosen = cut.map(text -> cut(text, network));
    Summary summary = chosen.map(c -> Summary.of(network, c.trainedParameters(network, BatchNormMode.TRAINING)))
        .orElseGet(() -> Summary.of(network));
    output.show(document(architecture, network, chosen, summary), () -> text(architecture, network, chosen, summary));
    return ExitCode.OK;
  }

  private Cut cut(String text, Network network) {
    try {
      return Cut.parse(text, network, BatchNormMode.TRAINING,
          allowEmptyCut ? Cut.Empty.ALLOWED : Cut.Empty.REFUSED);
    } catch (IllegalArgumentException e) { // it names what there is
      throw output.badUsage("--cut: " + e.getMessage());
    }
  }

  private MobileNetV2 architecture(Head head) {
    try {
      return new MobileNetV2(alpha, height.orElse(resolution), width.orElse(resolution), padding.padding,
          MobileNetV2.KERAS_BN_EPSILON, MobileNetV2.KERAS_BN_MOMENTUM, head);
    } catch (IllegalArgumentException e) { // it names what is out of its range
      throw output.badUsage(e.getMessage());
    }
  }

  private Map<String, Object> document(MobileNetV2 architecture, Network network, Optional<Cut> chosen,
      Summary summary) {
    var document = new LinkedHashMap<String, Object>();
    document.put("architecture", "mobilenet_v2");
    document.put("alpha", architecture.alpha());
    document.put("height", architecture.height());
    document.put("width", architecture.width());
    document.put("classes", classes);
    document.put("padding", padding.name().toLowerCase(Locale.ROOT));
    chosen.ifPresent(c -> {
      var facts = new LinkedHashMap<String, Object>();
      facts.put("first", c.first());
      facts.put("why", c.why());
      facts.put("trained", c.trainedCount(network, BatchNormMode.TRAINING));
      facts.put("trained_with_batch_norm_frozen", c.trainedCount(network, BatchNormMode.FROZEN));
      document.put("cut", facts);
    });
    document.put("parameters", summary.parameters());
    document.put("multiply_adds", summary.multiplyAdds());
    document.put("activation_bytes", summary.activationBytes());
    document.put("layers", summary.layers());
    return document;
  }

  private String text(MobileNetV2 architecture, Network network, Optional<Cut> chosen, Summary summary) {
    String title =
        String.format(Locale.ROOT, "MobileNetV2 %s, %dx%d (height x width), %s padding%n%n", architecture.alpha(),
            architecture.height(), architecture.width(), padding.name().toLowerCase(Locale.ROOT));
    return title + summary.text() + chosen.map(c -> "\n" + c.explain(network) + "\n").orElse("");
  }
}
