package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.train.Runs;
import dev.lentil.mobilenetv2.ModelMetadata;
import dev.lentil.weights.ImportOptions;
import dev.lentil.weights.TensorDifference;
import dev.lentil.weights.TensorFile;
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
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lentil diff}: in what two weight files differ. */
@Command(
    name = "diff",
    description = "Compare two weight files of any programs: as networks if both are MobileNetV2s, whatever their "
        + "names and layouts, otherwise tensor by tensor.",
    footer = {"", "Exit code 1 if they differ.", "", "Example:", "  ./lentil diff model.h5 model.safetensors"})
final class DiffCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "A", description = "A weight file.")
  private Path first;

  @Parameters(index = "1", paramLabel = "B", description = "Another weight file.")
  private Path second;

  @Mixin
  private Output output;

  /** What a comparison found: of the network's description, and of the tensors. */
  private record Result(String compared, List<String> network, List<TensorDifference> tensors) {}

  @Override
  public Integer call() {
    Runs.refuseAsWeights(first);
    Runs.refuseAsWeights(second);
    try (var a = TensorFile.open(first); var b = TensorFile.open(second)) {
      Result result = compare(a, b);
      boolean same = result.network().isEmpty() && result.tensors().isEmpty();
      var document = new LinkedHashMap<String, Object>();
      document.put("same", same);
      document.put("compared", result.compared());
      document.put("network", result.network());
      document.put("tensors", result.tensors().stream().map(DiffCommand::document).toList());
      output.show(document, () -> text(result, same));
      return same ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  private static Result compare(TensorFile a, TensorFile b) {
    Optional<WeightFile> first = recognised(a);
    Optional<WeightFile> second = recognised(b);
    if (first.isEmpty() || second.isEmpty()) {
      return new Result("tensors by the files' own names", List.of(),
          TensorDifference.between(readable(a), readable(b), StoredTensor::read));
    }
    Map<String, String> facts = ModelMetadata.of(first.get().model());
    Map<String, String> others = ModelMetadata.of(second.get().model());
    var network = new ArrayList<String>();
    for (String key : new TreeSet<>(facts.keySet())) {
      String other = others.getOrDefault(key, "nothing");
      // Notes on licence and origin are no part of the network.
      if (!facts.get(key).equals(other) && !first.get().model().notes().containsKey(key)) {
        network.add(key + ": " + facts.get(key) + assumed(first.get(), key) + " and " + other
            + assumed(second.get(), key));
      }
    }
    if (folded(first.get()) != folded(second.get())) {
      Path file = folded(first.get()) ? a.path() : b.path();
      network.add("batch normalisation: folded into the convolutions in " + file
          + ", not in the other, so that weights differ where the network need "
          + "not; compare with what export --keep-normalization writes");
    }
    return new Result("weights of a MobileNetV2", network, TensorDifference.between(
        first.get().model().weights().tensors(), second.get().model().weights().tensors(), Function.identity()));
  }

  private static boolean folded(WeightFile file) {
    return file.model().notes().containsKey("batch_normalization");
  }

  private static String assumed(WeightFile file, String key) {
    return file.assumed().contains(key) ? " (assumed)" : "";
  }

  private static Optional<WeightFile> recognised(TensorFile file) {
    try {
      return Optional.of(WeightFile.of(file, ImportOptions.recognised()));
    } catch (WeightFileException _) {
      // Then the tensors are compared as they are.
      return Optional.empty();
    }
  }

  private static Map<String, StoredTensor> readable(TensorFile file) {
    var readable = new LinkedHashMap<>(file.tensors());
    readable.values().removeIf(tensor -> tensor.elements() == 0);
    return readable;
  }

  private String text(Result result, boolean same) {
    var lines = new ArrayList<String>();
    lines.add("Compared: " + result.compared());
    result.network().forEach(line -> lines.add("  " + line));
    for (TensorDifference difference : result.tensors()) {
      lines.add("  " + difference.name() + ": " + switch (difference.kind()) {
        case TensorDifference.OnlyInFirst _ -> "only in " + first;
        case TensorDifference.OnlyInSecond _ -> "only in " + second;
        case TensorDifference.Shapes(String a, String b) -> a + " and " + b;
        case TensorDifference.Values(long count, double largest, double relative) -> String.format(Locale.ROOT,
            "%d values differ, at most by %.3g; relative L2 %.2e", count, largest, relative);
      });
    }
    lines.add(same
        ? "No difference"
        : "They differ" + (result.tensors().isEmpty()
            ? ""
            : " in " + result.tensors().size() + " tensors"));
    return String.join("\n", lines);
  }

  private static Map<String, Object> document(TensorDifference difference) {
    var document = new LinkedHashMap<String, Object>();
    document.put("name", difference.name());
    switch (difference.kind()) {
      case TensorDifference.OnlyInFirst _ -> document.put("only_in", "first");
      case TensorDifference.OnlyInSecond _ -> document.put("only_in", "second");
      case TensorDifference.Shapes(String a, String b) -> document.put("shapes", List.of(a, b));
      case TensorDifference.Values(long count, double largest, double relative) -> {
        document.put("count", count);
        document.put("largest", Numbers.finite(largest));
        document.put("relative", Numbers.finite(relative));
      }
    }
    return document;
  }
}
