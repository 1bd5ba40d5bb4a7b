package dev.lentil.mobilenetv2.selftest;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.mobilenetv2.selftest.AdamReplay.Gradients;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.ParameterSpec.Role;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Compares a backend with what another framework calculated in float64: logits, losses, every gradient, moving statistics
 * and Adam steps of a MobileNetV2. The layout is {@link OracleFile}'s; groups that a file does not have are left out.
 */
public final class SelfTest {
  /** A gradient whose norm in float64 is below this is zero in exact arithmetic. */
  private static final double ZERO_NORM = 1e-9;
  /** What such a gradient may measure, as a share of the largest gradient's norm. */
  private static final double ZERO_SHARE = 1e-5;
  /** How many losses of an Adam run are judged even in float32; later ones depend on every rounding before. */
  private static final int FIRST_LOSSES = 5;

  private final Device device;
  private final Limits limits;
  private final OracleFile oracle;
  private final List<SelfTestReport.Line> lines = new ArrayList<>();

  private SelfTest(Device device, Limits limits, OracleFile oracle) {
    this.device = device;
    this.limits = limits;
    this.oracle = oracle;
  }

  /**
   * @param backend the name of the device's backend, which decides the limits
   * @throws IllegalArgumentException if the file is not of the layout
   */
  public static SelfTestReport run(String backend, Device device, Path file) {
    try (OracleFile oracle = OracleFile.open(file)) {
      SelfTest test = new SelfTest(device, Limits.of(backend), oracle);
      test.inference();
      test.training("frozen_bn", BatchNormMode.INFERENCE_STATISTICS, test.limits.frozenGradients());
      test.training("train_bn", BatchNormMode.TRAINING, test.limits.trainGradients());
      test.adam();
      return new SelfTestReport(file, backend, test.lines);
    }
  }

  private void inference() {
    Network network = oracle.network();
    String logits = Planner.logits(network);
    try (ParameterBank bank = device.load(network, oracle.weights());
        Executable executable = device.compile(
            Planner.inference(network, oracle.batch().size(), device.fusions(), Set.of(logits)), bank)) {
      executable.run(Batch.of(oracle.batch().images()), RunState.inference());
      lines.add(new ErrorGroup("eval/logits")
          .add("logits", executable.read(logits), oracle.tensor("eval/logits")).judged(limits.outputs()));
    }
  }

  private void training(String name, BatchNormMode mode, OptionalDouble gradientLimit) {
    if (!oracle.contains(name + "/logits")) {
      return;
    }
    Network network = oracle.network();
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, 0), mode, oracle.loss(), Optional.empty());
    try (ParameterBank bank = device.load(network, oracle.weights());
        Executable executable = device.compile(
            Planner.training(network, oracle.batch().size(), spec, device.fusions(), Set.of()), bank)) {
      executable.run(oracle.batch(), new RunState(0, 1, 1, 0));
      lines.add(new ErrorGroup(name + "/logits").add("logits", executable.read(Planner.logits(network)),
          oracle.tensor(name + "/logits")).judged(limits.outputs()));
      lines.add(new ErrorGroup(name + "/loss")
          .add("loss", error(executable.loss(), oracle.tensor(name + "/loss").get(0))).judged(limits.outputs()));
      gradients(name, bank, spec, gradientLimit);
      if (mode == BatchNormMode.TRAINING) {
        movingStatistics(bank);
      }
    }
  }

  private void gradients(String name, ParameterBank bank, TrainingSpec spec, OptionalDouble limit) {
    Map<String, Tensor> expected = oracle.below(name + "/grad/");
    double largest = expected.values().stream().mapToDouble(g -> ErrorGroup.norm(g.doubles())).max().orElse(0);
    var each = new ErrorGroup(name + "/grad, each");
    var zeros = new ErrorGroup(name + "/grad, zero in exact arithmetic");
    var differences = new ArrayList<Double>();
    var norms = new ArrayList<Double>();
    for (ParameterSpec parameter : spec.trainedParameters(oracle.network())) {
      // A trained parameter without a gradient in the file is an error of the file, which tensor() reports.
      double[] b = oracle.tensor(name + "/grad/" + parameter.name()).doubles();
      double[] a = bank.readGradient(parameter.name()).doubles();
      if (ErrorGroup.norm(b) < ZERO_NORM) {
        zeros.add(parameter.name(), ErrorGroup.norm(a) / largest);
      } else {
        each.add(parameter.name(), bank.readGradient(parameter.name()), Tensor.of(parameter.shape(), b));
      }
      differences.add(ErrorGroup.relative(a, b) * ErrorGroup.norm(b));
      norms.add(ErrorGroup.norm(b));
    }
    lines.add(each.judged(limits.eachGradient()));
    if (!zeros.isEmpty()) {
      lines.add(zeros.judged(OptionalDouble.of(ZERO_SHARE)));
    }
    lines.add(new ErrorGroup(name + "/grad, all as one vector").add("", norm(differences) / norm(norms)).judged(limit));
  }

  private static double norm(List<Double> values) {
    return ErrorGroup.norm(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /**
   * The file follows PyTorch: the moving variance takes the batch's variance divided by N-1. The engine follows Keras and
   * divides by N. The file's batch statistic is {@code (new - momentum old) / (1 - momentum)}, so what the engine must have
   * is {@code momentum old + (new - momentum old) (N-1)/N}.
   */
  private void movingStatistics(ParameterBank bank) {
    var group = new ErrorGroup("after_train_forward");
    for (ParameterSpec parameter : oracle.network().parameters()) {
      String name = "after_train_forward/" + parameter.name();
      if (parameter.role().learned() || !oracle.contains(name)) {
        continue;
      }
      int channels = parameter.shape().size();
      double n = (double) oracle.batch().size() * oracle.network().shape(parameter.layer()).size() / channels;
      double share = parameter.role() == Role.MOVING_VARIANCE ? (n - 1) / n : 1;
      Tensor file = oracle.tensor(name);
      double[] expected = new double[channels];
      for (int c = 0; c < channels; c++) {
        double kept = oracle.momentum() * oracle.weights().get(parameter.name()).get(c);
        expected[c] = kept + (file.get(c) - kept) * share;
      }
      group.add(parameter.name(), bank.read(parameter.name()), Tensor.of(parameter.shape(), expected));
    }
    if (!group.isEmpty()) {
      lines.add(group.judged(limits.outputs()));
    }
  }

  private void adam() {
    var replay = new AdamReplay(device, oracle);
    Map<String, double[]> sums = Map.of();
    for (var mode : List.of(BatchNormMode.INFERENCE_STATISTICS, BatchNormMode.TRAINING)) {
      String name = mode == BatchNormMode.TRAINING ? "adam10_train_bn" : "adam10_frozen_bn";
      if (!oracle.contains(name + "/losses")) {
        continue;
      }
      int steps = oracle.tensor(name + "/losses").shape().size();
      AdamReplay.Run run = replay.summed(mode, steps, sums);
      sums = run.sums();
      List<SelfTestReport.Line> found = adamLines(name, run);
      if (!found.stream().allMatch(SelfTestReport.Line::passed)) {
        List<SelfTestReport.Line> cleared = adamLines(name, replay.cleared(mode, steps));
        found = cleared.getFirst().worst() < found.getFirst().worst() ? cleared : found;
      }
      lines.addAll(found);
    }
  }

  private List<SelfTestReport.Line> adamLines(String name, AdamReplay.Run run) {
    String how = run.gradients() == Gradients.SUMMED ? " (gradients never cleared)" : "";
    double[] expected = oracle.tensor(name + "/losses").doubles();
    var first = new ErrorGroup(name + "/losses, first " + Math.min(FIRST_LOSSES, expected.length) + how);
    var all = new ErrorGroup(name + "/losses, all " + expected.length + how);
    for (int t = 0; t < expected.length; t++) {
      double error = error(run.losses()[t], expected[t]);
      all.add("step " + (t + 1), error);
      if (t < FIRST_LOSSES) {
        first.add("step " + (t + 1), error);
      }
    }
    var result = new ArrayList<>(List.of(first.judged(limits.firstAdamLosses()), all.judged(limits.adam())));
    var parameters = new ErrorGroup(name + "/params" + how);
    oracle.below(name + "/params/")
        .forEach((parameter, tensor) -> parameters.add(parameter, run.weights().get(parameter), tensor));
    if (!parameters.isEmpty()) {
      result.add(parameters.judged(limits.adam()));
    }
    return result;
  }

  private static double error(double actual, double expected) {
    return Math.abs(actual - expected) / Math.abs(expected);
  }
}
