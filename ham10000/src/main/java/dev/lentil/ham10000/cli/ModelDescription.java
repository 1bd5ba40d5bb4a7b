package dev.lentil.ham10000.cli;

import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelMetadata;
import dev.lentil.weights.WeightFile;
import dev.lentil.weights.scheme.NamingScheme;
import dev.lentil.weights.scheme.SourceTensor;
import dev.lentil.weights.scheme.SourceTensor.Ignored;
import dev.lentil.weights.scheme.SourceTensor.Mapped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What was recognised in a weight file, for people and for programs. */
final class ModelDescription {
  private static final List<String> SHOWN =
      List.of("alpha", "resolution", "padding", "bn_epsilon", "input_scaling", "head", "classes");

  private ModelDescription() {}

  static String text(WeightFile file) {
    var text = new StringBuilder();
    String names = file.scheme() == NamingScheme.ONNX_GRAPH
        ? "known by their place in the graph"
        : "named as by " + file.scheme().title();
    text.append(file.path()).append(": ").append(file.format().title()).append(", weights ").append(names)
        .append("\n\nMobileNetV2\n");
    Map<String, String> facts = ModelMetadata.of(file.model());
    for (String key : SHOWN) {
      text.append("  %-14s %s%s%n".formatted(key, facts.get(key), file.assumed().contains(key)
          ? "   (assumed: the file does not say; --" + key.replace('_', '-') + " overrides)"
          : ""));
    }
    text.append(String.format(Locale.ROOT, "\n%d tensors%n", file.sources().size()));
    counts(file).forEach((what, count) -> text.append(String.format(Locale.ROOT, "  %5d %s%n", count, what)));
    return text.toString();
  }

  /** How many tensors became what. */
  private static Map<String, Integer> counts(WeightFile file) {
    var ignored = new TreeMap<String, Integer>();
    int mapped = 0;
    for (SourceTensor source : file.sources()) {
      switch (source.fate()) {
        case Mapped _ -> mapped++;
        case Ignored(String reason) -> ignored.merge("ignored: " + reason, 1, Integer::sum);
      }
    }
    var counts = new LinkedHashMap<String, Integer>();
    counts.put("mapped", mapped);
    counts.putAll(ignored);
    return counts;
  }

  static Map<String, Object> document(WeightFile file) {
    var document = new LinkedHashMap<String, Object>();
    document.put("scheme", ImportOverrides.SchemeConverter.name(file.scheme()));
    document.put("network", network(file.model()));
    document.put("assumed", file.assumed());
    document.put("tensors", file.sources().stream().map(ModelDescription::document).toList());
    return document;
  }

  private static Map<String, String> network(Model model) {
    return new TreeMap<>(ModelMetadata.of(model));
  }

  private static Map<String, Object> document(SourceTensor source) {
    var document = new LinkedHashMap<String, Object>();
    document.put("name", source.name());
    document.put("type", source.type());
    document.put("shape", source.shape());
    switch (source.fate()) {
      case Mapped(String parameter, var layout) -> {
        document.put("parameter", parameter);
        document.put("layout", layout);
      }
      case Ignored(String reason) -> document.put("ignored", reason);
    }
    return document;
  }
}
