package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.train.Runs;
import dev.lentil.weights.TensorFile;
import dev.lentil.weights.TensorStatistics;
import dev.lentil.weights.WeightFile;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.WeightFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lentil inspect}: what is in a weight file. */
@Command(
    name = "inspect",
    description = "Show what is in a weight file of any program: tensors with shapes, types and statistics, metadata, "
        + "and the network if it is a MobileNetV2.",
    footer = {"", "Nothing in the file is executed.", "", "Example:", "  ./lentil inspect checkpoint.pth.tar"})
final class InspectCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The weight file, or a folder of them.")
  private Path file;

  @Mixin
  private ImportOverrides overrides;

  @Mixin
  private Output output;

  /** A tensor with the statistics of its values, if they can be read. */
  private record Line(StoredTensor tensor, Optional<TensorStatistics> statistics) {
    static Line of(StoredTensor tensor) {
      boolean readable = tensor.floating() && tensor.elements() > 0;
      return new Line(tensor, readable ? Optional.of(TensorStatistics.of(tensor.read())) : Optional.empty());
    }

    String text(int names, int types) {
      return String.format(Locale.ROOT, "  %-" + names + "s %-" + types + "s %-18s %s", tensor.name(), tensor.type(),
          tensor.shape(), statistics.map(Line::text).orElse("")).stripTrailing();
    }

    private static String text(TensorStatistics s) {
      return String.format(Locale.ROOT, "%11.4g to %11.4g, mean %11.4g, deviation %10.4g%s", s.least(), s.greatest(),
          s.mean(), s.deviation(), s.notFinite() == 0 ? "" : ", " + s.notFinite() + " not finite");
    }

    Map<String, Object> document() {
      var document = new LinkedHashMap<String, Object>();
      document.put("name", tensor.name());
      document.put("type", tensor.type());
      document.put("shape", tensor.shape());
      statistics.ifPresent(s -> {
        document.put("least", Numbers.finite(s.least()));
        document.put("greatest", Numbers.finite(s.greatest()));
        document.put("mean", Numbers.finite(s.mean()));
        document.put("deviation", Numbers.finite(s.deviation()));
        document.put("not_finite", s.notFinite());
      });
      return document;
    }
  }

  @Override
  public Integer call() {
    Runs.refuseAsWeights(file);
    try (var tensors = TensorFile.open(file)) {
      List<Line> lines = tensors.tensors().values().stream().map(Line::of).toList();
      var document = new LinkedHashMap<String, Object>();
      document.put("file", file);
      document.put("format", tensors.format());
      document.put("metadata", tensors.metadata());
      document.put("tensors", lines.stream().map(Line::document).toList());
      var text = new ArrayList<String>();
      text.add(file + ": " + tensors.format().title() + "\n");
      int names = widest(lines, StoredTensor::name, 1);
      int types = widest(lines, StoredTensor::type, 5);
      lines.forEach(line -> text.add(line.text(names, types)));
      text.add(tensors.metadata().isEmpty() ? "\nNo metadata" : "\nMetadata");
      tensors.metadata().forEach((key, value) -> text.add("  " + key + " = " + shortened(value)));
      try {
        WeightFile recognised = WeightFile.of(tensors, overrides.options(output));
        document.put("recognised", ModelDescription.document(recognised));
        text.add("\n" + ModelDescription.text(recognised));
      } catch (WeightFileException e) {
        // Not a failure: a file may hold anything.
        document.put("not_recognised", e.getMessage());
        text.add("\nNot recognised as a MobileNetV2: " + e.getMessage());
      }
      output.show(document, () -> String.join("\n", text));
      return ExitCode.OK;
    }
  }

  private static int widest(List<Line> lines, Function<StoredTensor, String> column, int least) {
    return lines.stream().mapToInt(line -> column.apply(line.tensor()).length()).reduce(least, Math::max);
  }

  private static String shortened(String value) {
    return value.length() <= 100 ? value : value.substring(0, 97) + "...";
  }
}
