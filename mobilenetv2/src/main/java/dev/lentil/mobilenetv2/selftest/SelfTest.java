package dev.lentil.mobilenetv2.selftest;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
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
  private static final String EXACT = "reference";
  /** How many losses of a run are judged even in float32, since they show that an update takes effect; later ones depend on every rounding before. */
  private static final int FIRST_LOSSES = 2;

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
   * @throws IllegalArgumentException if metadata or parameters are not of the layout, naming the file
   * @throws dev.lentil.safetensors.SafetensorsException if the file is no sound safetensors file, or lacks a tensor of the layout
   */
  public static SelfTestReport run(String backend, Device device, Path file) {
    try (OracleFile oracle = OracleFile.open(file)) {
      SelfTest test = new SelfTest(device, Limits.of(backend), oracle);
      test.inference();
      test.training("frozen_bn", BatchNormMode.INFERENCE_STATISTICS, test.limits.frozenGradients());
      test.training("train_bn", BatchNormMode.TRAINING, test.limits.trainGradients());
      if (backend.equals(EXACT)) {
        test.adam(device);
      } else {
        try (Device exactly = Backends.named(EXACT).open(DeviceOptions.defaults())) {
          test.adam(exactly);
        }
      }
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

  /** Ten steps in float64 must be those of the file; a device in float32 must do each of them. */
  private void adam(Device exactly) {
    Map<String, double[]> sums = Map.of();
    for (var mode : List.of(BatchNormMode.INFERENCE_STATISTICS, BatchNormMode.TRAINING)) {
      String name = mode == BatchNormMode.TRAINING ? "adam10_train_bn" : "adam10_frozen_bn";
      if (!oracle.contains(name + "/losses")) {
        continue;
      }
      int steps = oracle.tensor(name + "/losses").shape().size();
      var replay = new AdamReplay(oracle, mode, steps, Gradients.SUMMED, sums);
      AdamReplay.Steps taken = steps(name, replay, exactly);
      if (lossError(name, taken.exactly()) > limits.exactAdam()) {
        var cleared = new AdamReplay(oracle, mode, steps, Gradients.CLEARED, Map.of());
        AdamReplay.Steps second = steps(name, cleared, exactly);
        if (lossError(name, second.exactly()) < lossError(name, taken.exactly())) {
          replay = cleared;
          taken = second;
        }
      }
      sums = replay.gradients() == Gradients.SUMMED ? taken.exactly().sums() : Map.of();
      String how = replay.gradients() == Gradients.SUMMED ? " (gradients never cleared)" : "";
      adamLines(name, how + (device == exactly ? "" : ", in float64"), taken.exactly(),
          OptionalDouble.of(limits.exactAdam()));
      if (device != exactly) {
        AdamReplay.Run free = replay.run(device);
        lines.add(
            lossErrors(name, ", first " + FIRST_LOSSES + how, free, FIRST_LOSSES).judged(limits.firstAdamLosses()));
        adamLines(name, how, free, OptionalDouble.empty());
        lines.add(taken.losses().judged(limits.outputs()));
        lines.add(taken.gradients().judged(limits.stepGradients()));
        lines.add(taken.worstGradients().judged(limits.eachGradient()));
        lines.add(taken.updates().judged(limits.adamUpdates()));
      }
    }
  }

  /** A device in float64 is the run that others are compared with. */
  private AdamReplay.Steps steps(String name, AdamReplay replay, Device exactly) {
    if (device == exactly) {
      var none = new ErrorGroup(name);
      return new AdamReplay.Steps(replay.run(device), none, none, none, none);
    }
    return replay.eachStep(name, device, exactly);
  }

  private double lossError(String name, AdamReplay.Run run) {
    return lossErrors(name, "", run, run.losses().length).judged(OptionalDouble.empty()).worst();
  }

  private ErrorGroup lossErrors(String name, String how, AdamReplay.Run run, int first) {
    double[] expected = oracle.tensor(name + "/losses").doubles();
    var losses = new ErrorGroup(name + "/losses" + how);
    for (int t = 0; t < Math.min(first, expected.length); t++) {
      losses.add("step " + (t + 1), error(run.losses()[t], expected[t]));
    }
    return losses;
  }

  private void adamLines(String name, String how, AdamReplay.Run run, OptionalDouble limit) {
    lines.add(lossErrors(name, how, run, run.losses().length).judged(limit));
    var parameters = new ErrorGroup(name + "/params" + how);
    oracle.below(name + "/params/")
        .forEach((parameter, tensor) -> parameters.add(parameter, run.weights().get(parameter), tensor));
    if (!parameters.isEmpty()) {
      lines.add(parameters.judged(limit));
    }
  }

  private static double error(double actual, double expected) {
    return Math.abs(actual - expected) / Math.abs(expected);
  }
}
