package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Task;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lentil split}: the lesion-grouped split as files. */
@Command(
    name = "split",
    description = "Split the lesions into training, validation and test, and write split.csv, split.sha256 and labels.txt.",
    footer = {"", "Example:", "  ./lentil split --data ~/ham10000 --out split"})
final class SplitCommand implements Callable<Integer> {
  @Mixin
  private Output output;
  @Mixin
  private MetadataOptions data;

  @Option(names = "--task", paramLabel = "TASK", converter = TaskConverter.class,
      description = "binary (benign against malignant) or seven-class. Default: ${DEFAULT-VALUE}.")
  private Task task = Task.BINARY;

  @Option(names = "--seed", paramLabel = "N", description = "0 to 4294967295. Default: ${DEFAULT-VALUE}, the paper's.")
  private long seed = Split.PAPER_SEED;

  @Option(names = "--out", paramLabel = "DIR", description = "Folder for the three files. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("split");

  /** {@code binary}, {@code seven-class}. */
  private static final class TaskConverter extends NamedConverter<Task> {
    TaskConverter() {
      super(Task.values());
    }
  }

  @Override
  public Integer call() {
    var split = Split.of(data.metadata(), task, seed);
    split.write(out);
    output.show(document(split), () -> text(split));
    return ExitCode.OK;
  }

  private Map<String, Object> document(Split split) {
    var document = new LinkedHashMap<String, Object>();
    document.put("task", split.task().toString());
    document.put("seed", split.seed());
    for (var subset : Split.Subset.values()) {
      var part = new LinkedHashMap<String, Object>();
      part.put("images", split.of(subset).size());
      part.put("lesions", split.lesions(subset));
      part.put("classes", counts(split, subset));
      part.put("sha256", split.sha256(subset));
      document.put(subset.toString(), part);
    }
    document.put("class_weights", byLabel(split, classWeights(split)));
    document.put("folder", out);
    return document;
  }

  /** Empty for a class without training images. */
  private static List<Optional<Double>> classWeights(Split split) {
    return Arrays.stream(split.classWeights()).mapToObj(w -> Optional.of(w).filter(weight -> weight > 0)).toList();
  }

  private static <T> Map<String, T> byLabel(Split split, List<T> values) {
    var map = new LinkedHashMap<String, T>();
    for (int i = 0; i < values.size(); i++) {
      map.put(split.task().labels().get(i), values.get(i));
    }
    return map;
  }

  private static Map<String, Integer> counts(Split split, Split.Subset subset) {
    return byLabel(split, Arrays.stream(split.counts(subset)).boxed().toList());
  }

  private String text(Split split) {
    var text = new StringBuilder("Split for the " + split.task() + " task, seed " + split.seed() + "\n");
    for (var subset : Split.Subset.values()) {
      text.append(
          String.format(Locale.ROOT, "%-11s %5d images  %5d lesions  %s  sha256 %s%n", subset, split.of(subset).size(),
              split.lesions(subset), counts(split, subset), split.sha256(subset)));
    }
    text.append("class weights");
    byLabel(split, classWeights(split)).forEach((label, weight) -> text.append("  ").append(label).append(' ')
        .append(weight.map(w -> String.format(Locale.ROOT, "%.7f", w)).orElse("none (no training image)")));
    return text.append("\nWritten to ").append(out).append(": split.csv, split.sha256, labels.txt\n").toString();
  }
}
