package dev.lentil.ham10000.cli;

import dev.lentil.backend.Device;
import dev.lentil.ham10000.UserError;
import dev.lentil.mobilenetv2.selftest.SelfTest;
import dev.lentil.mobilenetv2.selftest.SelfTestReport;
import dev.lentil.safetensors.SafetensorsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lentil selftest}: a backend against another framework's float64 results. */
@Command(
    name = "selftest",
    description = {
        "Compare a backend with the float64 results of another framework: logits, losses, gradients, moving statistics and "
            + "Adam steps of a MobileNetV2. Exit code 1 if an error is above its limit."},
    footer = {"", "Example:",
        "  ./lentil selftest --device cpu \\", "    --reference pytorch_float64_keras_padding_a035_r96.safetensors"})
final class SelfTestCommand implements Callable<Integer> {
  @Mixin
  private Output output;

  @Option(names = "--reference", required = true, arity = "1..*", paramLabel = "FILE",
      description = "The files to compare with. They come with the test data (docs/parity.md).")
  private List<Path> files;

  @Mixin
  private CalculationOptions calculation;

  @Override
  public Integer call() {
    var reports = new ArrayList<SelfTestReport>();
    String description;
    try (Device device = calculation.choose(output).open()) {
      description = device.describe();
      for (Path file : files) {
        reports.add(report(device, file));
      }
    }
    boolean passed = reports.stream().allMatch(SelfTestReport::passed);
    var document = new LinkedHashMap<String, Object>();
    document.put("passed", passed);
    document.put("backend", calculation.name());
    document.put("device", description);
    document.put("files", reports.stream().map(SelfTestCommand::document).toList());
    output.show(document, () -> description + "\n\n"
        + reports.stream().map(SelfTestReport::toString).collect(Collectors.joining("\n\n")) + "\n\n"
        + summary(reports));
    return passed ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private SelfTestReport report(Device device, Path file) {
    try {
      return SelfTest.run(calculation.name(), device, file);
    } catch (SafetensorsException | IllegalArgumentException e) {
      if (!e.getMessage().startsWith(file.toString())) {
        throw e;
      }
      throw new UserError(
          e.getMessage() + "; --reference takes a file of another framework's results in float64, and no "
              + "weights: they come with the test data (docs/parity.md)",
          e);
    }
  }

  private static String summary(List<SelfTestReport> reports) {
    long passed = reports.stream().filter(SelfTestReport::passed).count();
    return (passed == reports.size() ? "OK: " : "FAIL: ") + passed + " of " + reports.size()
        + (reports.size() == 1 ? " file passed" : " files passed");
  }

  private static Map<String, Object> document(SelfTestReport report) {
    var document = new LinkedHashMap<String, Object>();
    document.put("file", report.file());
    document.put("passed", report.passed());
    document.put("groups", report.lines().stream().map(SelfTestCommand::document).toList());
    return document;
  }

  private static Map<String, Object> document(SelfTestReport.Line line) {
    var document = new LinkedHashMap<String, Object>();
    document.put("group", line.group());
    document.put("tensors", line.tensors());
    document.put("worst_error", Numbers.finite(line.worst()));
    document.put("worst_tensor", line.where());
    document.put("limit", line.limit().isPresent() ? Optional.of(line.limit().getAsDouble()) : Optional.empty());
    document.put("verdict", line.verdict());
    return document;
  }
}
