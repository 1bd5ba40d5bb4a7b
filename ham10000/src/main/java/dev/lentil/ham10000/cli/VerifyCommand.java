package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.data.DatasetVerifier;
import dev.lentil.ham10000.data.Problem;
import dev.lentil.train.ProgressPrinter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lentil verify}: everything that is wrong with a copy of the data set. */
@Command(
    name = "verify",
    description = "Check the data set: counts, metadata, missing and broken images. Lists everything that is wrong. Exit code 1 if anything is wrong.",
    footer = {"", "Example:", "  ./lentil verify --data ~/ham10000 --json"})
final class VerifyCommand implements Callable<Integer> {
  @Mixin
  private Output output;
  @Mixin
  private DataOptions data;

  @Option(names = "--subset",
      description = "The data is not the whole of HAM10000: do not expect its published counts.")
  private boolean subset;

  @Option(names = "--threads", paramLabel = "N", description = "Threads that decode images. Default: all cores.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() {
    output.requirePositive("--threads", threads);
    var progress = new ImageProgress(output.progress(), ProgressPrinter.Style.detect(), "verify");
    var expectation =
        subset ? Optional.<DatasetVerifier.Expectation>empty() : Optional.of(DatasetVerifier.Expectation.HAM10000);
    var report =
        DatasetVerifier.verify(data.folder(), data.imageFolders(), expectation, threads, progress);
    output.show(document(report), () -> text(report));
    return report.problems().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static Map<String, Object> document(DatasetVerifier.Report report) {
    var document = new LinkedHashMap<String, Object>();
    document.put("ok", report.problems().isEmpty());
    document.put("metadata", report.metadata());
    document.put("image_folders", report.folders());
    document.put("rows", report.rows());
    document.put("lesions", report.lesions());
    document.put("images", report.images());
    var diagnoses = new LinkedHashMap<String, Integer>();
    report.diagnoses().forEach((diagnosis, count) -> diagnoses.put(diagnosis.code(), count));
    document.put("diagnoses", diagnoses);
    document.put("problems", report.problems().stream().map(VerifyCommand::document).toList());
    return document;
  }

  private static Map<String, Object> document(Problem problem) {
    var document = new LinkedHashMap<String, Object>();
    document.put("kind", problem.kind());
    document.put("where", problem.where());
    problem.field().ifPresent(field -> document.put("field", field));
    document.put("what", problem.what());
    document.put("remedy", problem.remedy());
    return document;
  }

  private static String text(DatasetVerifier.Report report) {
    var text = new StringBuilder();
    text.append("Metadata   ").append(report.metadata()).append(": ").append(report.rows()).append(" images of ")
        .append(report.lesions())
        .append(" lesions\n");
    text.append("Images     ").append(report.folders().isEmpty()
        ? "none"
        : report.images() + " files in "
            + report.folders().stream().map(Object::toString).collect(Collectors.joining(", ")))
        .append('\n');
    text.append("Diagnoses  ")
        .append(report.diagnoses().entrySet().stream().map(e -> e.getKey().code() + " " + e.getValue())
            .collect(Collectors.joining(", ")))
        .append('\n');
    if (report.problems().isEmpty()) {
      return text.append("Nothing is wrong.\n").toString();
    }
    text.append('\n');
    report.problems().forEach(problem -> text.append(problem.message()).append('\n'));
    var kinds =
        report.problems().stream().collect(Collectors.groupingBy(Problem::kind, TreeMap::new, Collectors.counting()));
    text.append('\n').append(report.problems().size())
        .append(report.problems().size() == 1 ? " problem: " : " problems: ")
        .append(kinds.entrySet().stream()
            .map(e -> e.getValue() + " " + e.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '))
            .collect(Collectors.joining(", ")))
        .append('\n');
    return text.toString();
  }
}
