package dev.lentil.ham10000.cli;

import dev.lentil.backend.Device;
import dev.lentil.backend.Precision;
import dev.lentil.check.GradientChecker;
import dev.lentil.check.GradientReport;
import dev.lentil.check.SmallNetwork;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Loss;
import dev.lentil.plan.TrainingSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lentil gradcheck}: the gradients of every layer type against differences of the loss. */
@Command(
    name = "gradcheck",
    description = {
        "Compare the gradients of the float64 reference backend, or of --device, with central differences of the loss. The small network "
            + "has every layer type and is checked in each of the three modes of batch normalisation."},
    footer = {"", "Examples:", "  ./lentil gradcheck", "  ./lentil gradcheck --device cpu"})
final class GradCheckCommand implements Callable<Integer> {
  private static final String REFERENCE = "reference";

  @Mixin
  private Output output;

  @Mixin
  private CalculationOptions calculation;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "42",
      description = "Seed of parameters, images and dropout. Default: ${DEFAULT-VALUE}.")
  private long seed;

  /** The report of one mode. */
  record Check(BatchNormMode batchNorm, GradientReport report) {
    String text() {
      return "batch normalisation: " + batchNorm.name().toLowerCase(Locale.ROOT).replace('_', ' ') + "\n" + report;
    }

    Map<String, Object> document() {
      var document = new LinkedHashMap<String, Object>();
      document.put("batch_norm", batchNorm);
      document.put("passed", report.passed());
      document.put("checked", report.checked());
      document.put("skipped", report.skipped());
      document.put("tolerance", report.tolerance());
      document.put("parameters", report.lines().stream().map(Check::line).toList());
      return document;
    }

    private static Map<String, Object> line(GradientReport.Line line) {
      return Map.of("layer", line.layer(), "parameter", line.parameter(), "checked", line.checked(),
          "skipped", line.skipped(), "worst_error", Numbers.finite(line.worst()));
    }
  }

  @Override
  public Integer call() {
    var choice = calculation.choose(REFERENCE, output);
    if (choice.options().precision() != Precision.FLOAT32) {
      throw output.badUsage("--precision " + choice.options().precision().text()
          + ": gradients are judged in float64 and float32 only; leave it out");
    }
    var network = SmallNetwork.everyLayer();
    var checks = new ArrayList<Check>();
    try (Device device = choice.open()) {
      var checker = calculation.name(REFERENCE).equals(REFERENCE)
          ? GradientChecker.of(device)
          : GradientChecker.ofFloat32(device);
      for (BatchNormMode mode : BatchNormMode.values()) {
        var spec = new TrainingSpec(TrainingSpec.layersFrom(network, 0), mode, new Loss.CategoricalCrossEntropy(),
            Optional.empty());
        checks.add(new Check(mode, checker.check(network, spec, SmallNetwork.weights(network, seed),
            SmallNetwork.batch(network, seed))));
      }
    }
    boolean passed = checks.stream().allMatch(check -> check.report().passed());
    var document = new LinkedHashMap<String, Object>();
    document.put("passed", passed);
    document.put("checks", checks.stream().map(Check::document).toList());
    output.show(document, () -> text(checks));
    return passed ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private static String text(List<Check> checks) {
    return checks.stream().map(Check::text).collect(Collectors.joining("\n\n"));
  }
}
