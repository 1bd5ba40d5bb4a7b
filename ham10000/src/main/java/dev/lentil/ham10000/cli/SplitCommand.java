package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Task;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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
  private DataOptions data;

  @Option(names = "--task", paramLabel = "TASK",
      description = "binary (benign against malignant) or seven-class. Default: ${DEFAULT-VALUE}.")
  private String task = "binary";

  @Option(names = "--seed", paramLabel = "N", description = "0 to 4294967295. Default: ${DEFAULT-VALUE}, the paper's.")
  private long seed = Split.PAPER_SEED;

  @Option(names = "--out", paramLabel = "DIR", description = "Folder for the three files. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("split");

  @Override
  public Integer call() {
    var split = Split.of(data.metadata(), Task.of(task), seed);
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
      part.put("classes", byLabel(split, split.counts(subset)));
      part.put("sha256", split.sha256(subset));
      document.put(subset.toString(), part);
    }
    document.put("classWeights", byLabel(split, split.classWeights()));
    document.put("folder", out);
    return document;
  }

  private static Map<String, Object> byLabel(Split split, Object array) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < split.task().labels().size(); i++) {
      map.put(split.task().labels().get(i), Array.get(array, i));
    }
    return map;
  }

  private String text(Split split) {
    var text = new StringBuilder("Split for the " + split.task() + " task, seed " + split.seed() + "\n");
    for (var subset : Split.Subset.values()) {
      text.append("%-11s %5d images  %5d lesions  %s  sha256 %s%n".formatted(subset, split.of(subset).size(),
          split.lesions(subset),
          byLabel(split, split.counts(subset)), split.sha256(subset)));
    }
    text.append("class weights");
    byLabel(split, split.classWeights())
        .forEach((label, weight) -> text.append(String.format(Locale.ROOT, "  %s %.7f", label, weight)));
    return text.append("\nWritten to ").append(out).append(": split.csv, split.sha256, labels.txt\n").toString();
  }
}
