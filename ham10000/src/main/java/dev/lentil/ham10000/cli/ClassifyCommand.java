package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.ProbabilityCheck;
import dev.lentil.ham10000.image.ImageDecoder;
import dev.lentil.ham10000.train.Runs;
import dev.lentil.mobilenetv2.ImageClassifier;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.image.Framing;
import dev.lentil.mobilenetv2.image.RgbImage;
import dev.lentil.weights.WeightFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lentil classify}: what a network with ImageNet's, or any, classes sees on photographs. */
@Command(
    name = "classify",
    description = "Name what photographs show, with any MobileNetV2 classifier.",
    footer = {"", "Photographs are resized to the network's size by antialiased bilinear interpolation.", "",
        "Example:",
        "  ./lentil classify dog.jpg --weights mobilenet_v2_1.0_224_imagenet.safetensors"})
final class ClassifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "PHOTO", arity = "1..*", description = "JPEG or PNG files.")
  private List<Path> photos;

  @Option(names = "--weights", paramLabel = "FILE", required = true,
      description = "Weights of any program: see ./lentil import --help.")
  private Path weights;

  @Option(names = "--labels", paramLabel = "FILE",
      description = "The names of the classes, one per line. Default: labels.txt or imagenet_labels.txt beside the weights, or "
          + "imagenet_labels.txt in a folder photos beside their folder, if it has as many names as there are classes.")
  private Optional<Path> labels;

  @Option(names = "--top", paramLabel = "N", defaultValue = "5",
      description = "Classes to show (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(names = "--framing", paramLabel = "FRAMING", converter = FramingConverter.class,
      description = "squash shows the network the whole photograph, as Keras's loaders do; centre-crop shows its middle, "
          + "undistorted; auto squashes if that changes the proportions by a fifth or less, and otherwise crops. "
          + "Default: as the weight file says that the network was trained, otherwise auto.")
  private Optional<Framing> framing;

  @Mixin
  private CalculationOptions calculation;

  @Mixin
  private Output output;

  /** {@code squash}, {@code centre-crop}, {@code auto}. */
  static final class FramingConverter extends NamedConverter<Framing> {
    FramingConverter() {
      super(Framing.values());
    }
  }

  /** One photograph's likeliest classes, the likeliest first. */
  private record Classified(Path file, List<Map<String, Object>> top) {}

  @Override
  public Integer call() {
    output.requirePositive("--top", top);
    Runs.refuseAsWeights(weights);
    Model model = WeightFile.open(weights).model();
    ClassNames names = ClassNames.find(labels, weights, model.architecture().head());
    var device = calculation.choose(output);
    try (var classifier = ImageClassifier.open(model, device.backend(), device.options())) {
      var results = PerPhoto.of(photos, photo -> new Classified(photo, top(classifier, photo, names)));
      return output.show(results, results.entries(result -> result), () -> text(results.sound()));
    }
  }

  private List<Map<String, Object>> top(ImageClassifier classifier, Path photo, ClassNames names) {
    RgbImage decoded = ImageDecoder.decode(photo);
    RgbImage image = framing.map(way -> way.to(decoded, classifier.height(), classifier.width()))
        .orElseGet(() -> classifier.model().fit(decoded));
    var likeliest = new ArrayList<Map<String, Object>>();
    var found = classifier.top(top, image.values());
    // a NaN is sorted before all numbers
    ProbabilityCheck.require(new float[] {found.getFirst().probability()}, photo, weights);
    for (var prediction : found) {
      var entry = new LinkedHashMap<String, Object>();
      entry.put("class", prediction.index());
      entry.put("label", names.name(prediction.index()));
      entry.put("probability", prediction.probability());
      likeliest.add(entry);
    }
    return likeliest;
  }

  private static String text(List<Classified> results) {
    var text = new StringBuilder();
    for (Classified result : results) {
      text.append(result.file()).append('\n');
      for (Map<String, Object> entry : result.top()) {
        text.append(String.format(Locale.ROOT, "  %6.2f%%  %4d  %s%n", 100 * (float) entry.get("probability"),
            (int) entry.get("class"), entry.get("label")));
      }
    }
    return text.toString();
  }
}
