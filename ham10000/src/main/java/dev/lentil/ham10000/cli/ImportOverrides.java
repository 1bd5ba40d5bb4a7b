package dev.lentil.ham10000.cli;

import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.ModelMetadata;
import dev.lentil.weights.ImportOptions;
import dev.lentil.weights.scheme.NamingScheme;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** What the user knows better than a weight file; {@code @Mixin private ImportOverrides overrides}. */
final class ImportOverrides {
  private static final Pattern SIZE = Pattern.compile("[1-9]\\d{0,4}(x[1-9]\\d{0,4})?");

  private static final List<String> SCALINGS = Arrays.stream(InputScaling.values()).map(InputScaling::text).toList();

  @Option(names = "--names", paramLabel = "SCHEME", converter = SchemeConverter.class,
      description = "The program whose names the weights have: keras, keras-numbered, torchvision, timm, transformers, tf-slim or "
          + "onnx-graph. Default: as recognised.")
  private Optional<NamingScheme> scheme;

  @Option(names = "--alpha", description = "Width multiplier. Default: as recognised by the shapes.")
  private Optional<Double> alpha;

  @Option(names = "--padding", description = "keras, or symmetric as in PyTorch. Default: as recognised or assumed.")
  private Optional<String> padding;

  @Option(names = "--bn-epsilon", paramLabel = "X",
      description = "Epsilon of batch normalisation. Default: as recognised or assumed.")
  private Optional<Double> epsilon;

  @Option(names = "--input-scaling", paramLabel = "FORMULA",
      description = "x/127.5-1, x/255 or (x/255-mean)/std. Default: as recognised or assumed.")
  private Optional<String> scaling;

  @Option(names = "--resolution", paramLabel = "N",
      description = "224, or 150x200 (height x width). Default: as the file says, otherwise 224.")
  private Optional<String> resolution;

  @Option(names = "--classes", paramLabel = "N",
      description = "0 leaves out the head. One less than the file has leaves out its first class, the background.")
  private Optional<Integer> classes;

  private static <T> void require(Output output, String option, Optional<T> value, Predicate<T> right, String what) {
    value.filter(right.negate()).ifPresent(wrong -> {
      throw output.badUsage(option + " is " + wrong + ", but must be " + what);
    });
  }

  /** A scheme by its name with hyphens. */
  static final class SchemeConverter implements ITypeConverter<NamingScheme> {
    @Override
    public NamingScheme convert(String text) {
      return Arrays.stream(NamingScheme.values()).filter(scheme -> name(scheme).equals(text)).findFirst()
          .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of "
              + Arrays.stream(NamingScheme.values()).map(SchemeConverter::name).toList()));
    }

    static String name(NamingScheme scheme) {
      return scheme.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** @throws ParameterException if a value cannot be meant: it is the option's error, not the file's */
  ImportOptions options(Output output) {
    require(output, "--alpha", alpha, value -> value > 0 && Double.isFinite(value), "a number above 0");
    require(output, "--padding", padding, List.of("keras", "symmetric")::contains, "keras or symmetric");
    require(output, "--bn-epsilon", epsilon, value -> value > 0 && Double.isFinite(value), "a number above 0");
    require(output, "--resolution", resolution, SIZE.asMatchPredicate(), "like 224 or 150x200");
    require(output, "--classes", classes, value -> value >= 0, "0 or more");
    require(output, "--input-scaling", scaling, SCALINGS::contains, String.join(" or ", SCALINGS));
    Map<String, String> metadata = new TreeMap<>();
    alpha.ifPresent(value -> metadata.put("alpha", value.toString()));
    padding.ifPresent(value -> metadata.put(ModelMetadata.PADDING, value));
    epsilon.ifPresent(value -> metadata.put(ModelMetadata.BN_EPSILON, value.toString()));
    scaling.ifPresent(value -> metadata.put(ModelMetadata.INPUT_SCALING, value));
    resolution.ifPresent(value -> metadata.put(ModelMetadata.RESOLUTION, value));
    classes.ifPresent(value -> metadata.put("classes", value.toString()));
    return new ImportOptions(scheme, metadata);
  }
}
