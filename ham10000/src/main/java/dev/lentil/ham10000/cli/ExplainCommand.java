package dev.lentil.ham10000.cli;

import dev.lentil.explain.Patches;
import dev.lentil.explain.StrongestPath;
import dev.lentil.ham10000.OutFolder;
import dev.lentil.ham10000.explain.Explanation;
import dev.lentil.ham10000.explain.Explanation.Method;
import dev.lentil.mobilenetv2.ImageExplainer;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.image.Framing;
import dev.lentil.mobilenetv2.image.RgbImage;
import dev.lentil.nn.Network;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lentil explain}: where a network's answer about a photograph comes from. */
@Command(
    name = "explain",
    description = {"Show where in a photograph a network's answer comes from.",
        "grad-cam weights a layer's channels by the gradient of the class's logit. occlusion covers the image patch by "
            + "patch and measures how far the class's log-odds fall. features shows a layer's channels as they are. path "
            + "follows one path from a pixel to the answer, with all its arithmetic.",
        "For each photograph it writes a picture with a legend (PNG; for path an HTML page) and the raw numbers (CSV). Their names "
            + "consist of the photograph's name, the class if --class selects one, and the method. A map shows what the "
            + "network uses, not whether it is right.",
        "--weights takes the weights of a run, or weights of any program that have classes."},
    footer = {"", "Examples:", "  ./lentil explain lesion.jpg --run runs/seed-7 --out maps",
        "  ./lentil explain dog.jpg --weights mobilenet_v2_1.0_224_imagenet.safetensors \\",
        "    --out maps --method occlusion"})
final class ExplainCommand implements Callable<Integer> {
  /** The methods' names. */
  private enum Kind {
    GRAD_CAM("--layer"), OCCLUSION("--patch", "--stride", "--fill"), FEATURES("--layer", "--channels"), PATH;

    /** Those that not every method has. */
    private final List<String> options;

    Kind(String... options) {
      this.options = List.of(options);
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final Pattern HEX = Pattern.compile("#?[0-9a-fA-F]{6}");
  private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");
  private static final int GREY = 128;
  /** The first activation, whose edges and colours a person can still read. */
  private static final String READABLE = "Conv1_relu";

  @Mixin
  private Output output;

  @ArgGroup(multiplicity = "1")
  private RunOrWeights network;

  @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "Photographs, JPEG or PNG.")
  private List<Path> images;

  @Option(names = "--out", paramLabel = "FOLDER", required = true, description = "The folder for the files.")
  private Path out;

  @Option(names = "--method", paramLabel = "METHOD", defaultValue = "grad-cam", converter = KindConverter.class,
      description = "grad-cam, occlusion, features or path (default: ${DEFAULT-VALUE}).")
  private Kind method;

  @Option(names = "--layer", paramLabel = "NAME",
      description = "The layer for grad-cam and features; ./lentil summary lists the layers. Default for grad-cam: out_relu, the last "
          + "layer with positions; for small images, where it has fewer than 4 x 4 positions, the last sum of a block with at "
          + "least 4 x 4. Default for features: " + READABLE
          + ", the first activation; late layers mostly cannot be interpreted.")
  private Optional<String> layer;

  @Option(names = "--class", paramLabel = "NAME|NUMBER",
      description = "The class to explain. Default: malignant for a network of lesions, otherwise the most likely class.")
  private Optional<String> asked;

  @Option(names = "--patch", paramLabel = "PIXELS",
      description = "Side of the covered square. Default: a fifth of the image's shorter side.")
  private Optional<Integer> patch;

  @Option(names = "--stride", paramLabel = "PIXELS",
      description = "Distance to the next square. Default: a quarter of the side.")
  private Optional<Integer> stride;

  @Option(names = "--fill", paramLabel = "COLOUR", defaultValue = "mean",
      description = "Colour of the square: mean (of the image), grey, black or #RRGGBB (default: ${DEFAULT-VALUE}).")
  private String fill;

  @Option(names = "--channels", paramLabel = "N", defaultValue = "24",
      description = "Number of channels that features shows (default: ${DEFAULT-VALUE}).")
  private int channels;

  @Option(names = "--labels", paramLabel = "FILE", description = "The names of the classes, as for ./lentil classify.")
  private Optional<Path> labels;

  @Option(names = "--framing", paramLabel = "FRAMING", defaultValue = "auto",
      converter = ClassifyCommand.FramingConverter.class,
      description = "squash, centre-crop or auto, as for ./lentil classify; not for a run, whose images are always squashed "
          + "(default: ${DEFAULT-VALUE}).")
  private Framing framing;

  @Mixin
  private CalculationOptions calculation;

  /** {@code grad-cam}, {@code occlusion}, {@code features}, {@code path}. */
  private static final class KindConverter extends NamedConverter<Kind> {
    KindConverter() {
      super(Kind.values());
    }
  }

  @Override
  public Integer call() {
    requireOwnOptions();
    output.requirePositive("--channels", channels);
    Subject subject = Subject.open(network.file(), labels, framing);
    if (subject.ofLesions()) {
      output.refuse(
          "is not for a network of lesions, which has its classes' names and is shown all of each photograph, as in "
              + "training; leave it out",
          "--labels", "--framing");
    }
    Optional<Method> chosen = method(subject.model().architecture());
    OutFolder.make(out);
    // a class that is not there is no photograph's fault
    asked.ifPresent(_ -> subject.answer(asked, new double[0]));
    var device = calculation.choose(output);
    try (var explainer = ImageExplainer.open(subject.model(), device.backend(), device.options())) {
      var used = new HashSet<String>();
      var results = PerPhoto.of(images, photo -> explain(photo, subject, chosen, explainer, used));
      return output.show(results, ExplainedFile.document(results),
          () -> results.sound().stream().map(ExplainedFile::text).collect(Collectors.joining("\n")));
    }
  }

  private ExplainedFile explain(Path photo, Subject subject, Optional<Method> chosen, ImageExplainer explainer,
      HashSet<String> used) {
    RgbImage image = subject.image().apply(photo);
    double[] logits = explainer.logits(image.values());
    Subject.Named named = subject.answer(asked, logits);
    Path base = out.resolve(stem(photo, asked.isPresent() ? slug(named.name()) + "." : "",
        chosen.map(Method::name).orElse(ExplainedFile.PATH), used));
    if (chosen.isPresent()) {
      var explanation = Explanation.of(explainer, image, named.answer(), chosen.get());
      return ExplainedFile.write(photo, named, logits, explanation, base);
    }
    StrongestPath path = explainer.strongestPath(image.values(), named.answer());
    return ExplainedFile.write(photo, named, logits, explainer.network(), image, path, subject::name, base);
  }

  /** An option of another method would be left out without a word. */
  private void requireOwnOptions() {
    Stream.of(Kind.values()).flatMap(kind -> kind.options.stream()).filter(option -> !method.options.contains(option))
        .forEach(option -> output.refuse("is not for --method " + method + ", but for "
            + Stream.of(Kind.values()).filter(kind -> kind.options.contains(option)).map(Kind::toString)
                .collect(Collectors.joining(" and ")),
            option));
  }

  /**
   * The files' name without its ending; two photographs of one name from different folders do not overwrite each other.
   *
   * @param answer a class that was asked for, with a dot behind it, so that another one's files stay
   */
  private static String stem(Path photo, String answer, String method, HashSet<String> used) {
    String plain = photo.getFileName().toString().replaceFirst("\\.[^.]*$", "") + "." + answer + method;
    String name = plain;
    for (int i = 2; !used.add(name); i++) {
      name = plain + "-" + i;
    }
    return name;
  }

  /** A class's name as a part of a file's: its letters and digits, with hyphens for what is between them. */
  private static String slug(String name) {
    String slug = NO_LETTERS.matcher(name).replaceAll("-").replaceAll("^-|-$", "");
    return slug.isEmpty() ? "class" : slug;
  }

  /** Nothing for the path, which is no sheet of maps. */
  private Optional<Method> method(MobileNetV2 architecture) {
    Network network = architecture.network();
    String shown = layer.orElseGet(() -> method == Kind.FEATURES ? READABLE : ImageExplainer.layerToShow(network));
    Explanation.requireLayer(network, shown);
    return switch (method) {
      case GRAD_CAM -> Optional.of(new Method.OfGradients(shown));
      case FEATURES -> Optional.of(new Method.OfFeatures(shown, channels));
      case OCCLUSION ->
          Optional.of(new Method.OfPatches(patches(architecture.height(), architecture.width()), colour()));
      case PATH -> Optional.empty();
    };
  }

  private Patches patches(int height, int width) {
    int side = patch.orElseGet(() -> Explanation.patchSide(height, width));
    int apart = stride.orElse(Math.max(1, side / 4));
    if (side < 1 || side >= Math.min(height, width)) {
      throw output.badUsage("--patch is " + side + ", but must be 1 to " + (Math.min(height, width) - 1)
          + ": the network's images are " + height + " x " + width);
    }
    if (apart < 1 || apart > side) {
      throw output.badUsage("--stride is " + apart + ", but must be 1 to " + side
          + ", the side of the patch, or some pixels are never covered");
    }
    return new Patches(side, apart);
  }

  private float[] colour() {
    return switch (fill) {
      case "mean" -> new float[0];
      case "grey", "gray" -> new float[] {GREY, GREY, GREY};
      case "black" -> new float[3];
      default -> {
        if (!HEX.matcher(fill).matches()) {
          throw output.badUsage("--fill " + fill + ": is none of mean, grey, black and #RRGGBB");
        }
        int rgb = Integer.parseInt(fill.replace("#", ""), 16);
        yield new float[] {rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF};
      }
    };
  }
}
