package dev.lentil.check;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.backend.reference.ReferenceBackend;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Phase;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.plan.Step;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;
import dev.lentil.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares the gradients that a device calculates with central differences of the loss, which need nothing but the
 * forward pass: {@code dL/dw = (L(w + h) - L(w - h)) / 2h + O(h^2)}. The differences are always taken on the float64
 * reference backend.
 *
 * <p>ReLU6 has no derivative at 0 and 6. Where an element of any ReLU6 lies in another of its three regions at
 * {@code w + h} than at {@code w - h}, the quotient means nothing; such an element of {@code w} is skipped and counted.
 *
 * <p>The error of an element is {@code |analytic - numeric| / max(|analytic|, |numeric|, floor)}; the floor, 1e-4 of the
 * largest gradient of the network, keeps rounding from being judged where a gradient is (nearly) zero.
 *
 * @param device calculates the gradients that are checked
 * @param difference {@code h}
 * @param tolerance the largest error that passes
 * @param elementsPerTensor how many elements of a parameter are checked, drawn at random where it has more
 * @param seed for that choice and for dropout
 */
public record GradientChecker(Device device, double difference, double tolerance, int elementsPerTensor, long seed) {
  private static final double FLOOR = 1e-4;
  /** The error of the formula, about h^2, and that of rounding, about 1e-16 / h, are both far below the tolerance. */
  private static final double DIFFERENCE = 3e-5;
  private static final int ELEMENTS_PER_TENSOR = 64;
  private static final long SEED = 42;

  /** Checks the reference backend itself. */
  public static GradientChecker reference() {
    return of(new ReferenceBackend().open(DeviceOptions.defaults()));
  }

  /** Checks another float64 device. */
  public static GradientChecker of(Device device) {
    return of(device, 1e-5);
  }

  /** Checks a float32 device, whose rounding is most of the error where a gradient is near the floor. */
  public static GradientChecker ofFloat32(Device device) {
    return of(device, 5e-3);
  }

  private static GradientChecker of(Device device, double tolerance) {
    return new GradientChecker(device, DIFFERENCE, tolerance, ELEMENTS_PER_TENSOR, SEED);
  }

  /**
   * @param spec what is trained; its optimiser is ignored
   * @param weights where the gradient is taken; not changed
   */
  public GradientReport check(Network network, TrainingSpec spec, Weights weights, Batch batch) {
    var gradientsOnly = new TrainingSpec(spec.trainable(), spec.batchNorm(), spec.loss(), Optional.empty());
    Map<String, double[]> analytic = analytic(network, gradientsOnly, weights, batch);
    double largest = analytic.values().stream().flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
    double floor = Math.max(FLOOR * largest, Double.MIN_NORMAL);
    var lines = new ArrayList<GradientReport.Line>();
    try (var loss = new LossProbe(network, gradientsOnly, weights, batch)) {
      for (ParameterSpec parameter : gradientsOnly.trainedParameters(network)) {
        lines.add(compare(parameter, analytic.get(parameter.name()), loss, floor));
      }
    }
    return new GradientReport(lines, tolerance);
  }

  private Map<String, double[]> analytic(Network network, TrainingSpec spec, Weights weights, Batch batch) {
    Plan plan = Planner.training(network, batch.size(), spec, device.fusions(), Set.of());
    var gradients = new HashMap<String, double[]>();
    try (ParameterBank bank = device.load(network, weights); Executable executable = device.compile(plan, bank)) {
      executable.run(batch, state());
      for (ParameterSpec parameter : spec.trainedParameters(network)) {
        gradients.put(parameter.name(), bank.readGradient(parameter.name()).doubles());
      }
    }
    return gradients;
  }

  private GradientReport.Line compare(ParameterSpec parameter, double[] analytic, LossProbe loss, double floor) {
    int checked = 0;
    int skipped = 0;
    double worst = 0;
    for (int element : elements(parameter)) {
      Optional<Double> numeric = loss.slope(parameter, element);
      if (numeric.isEmpty()) {
        skipped++;
        continue;
      }
      checked++;
      double a = analytic[element];
      double b = numeric.get();
      double error = Math.abs(a - b) / Math.max(Math.max(Math.abs(a), Math.abs(b)), floor);
      // A gradient that is not a number must not pass for a small one.
      worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
    }
    return new GradientReport.Line(parameter.layer(), parameter.name(), checked, skipped, worst);
  }

  private int[] elements(ParameterSpec parameter) {
    int[] order = Philox.at(seed, 0, parameter.name().hashCode(), RandomUse.TEST.operation())
        .permutation(parameter.shape().size());
    return Arrays.copyOf(order, Math.min(order.length, elementsPerTensor));
  }

  private RunState state() {
    return new RunState(seed, 1, 1, 0);
  }

  /** The loss as a function of one parameter element at a time. */
  private final class LossProbe implements AutoCloseable {
    private final Batch batch;
    private final Device reference = new ReferenceBackend().open(DeviceOptions.defaults());
    private final ParameterBank bank;
    private final Executable executable;
    private final List<String> kinked;

    private LossProbe(Network network, TrainingSpec spec, Weights weights, Batch batch) {
      this.batch = batch;
      kinked =
          network.nodes().stream().filter(node -> node.layer() instanceof Layer.Relu6).map(Network.Node::name).toList();
      bank = reference.load(network, weights);
      executable = reference.compile(
          untilLoss(Planner.training(network, batch.size(), spec, Set.of(), Set.copyOf(kinked))), bank);
    }

    /** The slope of the loss along one element, or nothing where a ReLU6 changes its region on the way. */
    private Optional<Double> slope(ParameterSpec parameter, int element) {
      Tensor original = bank.read(parameter.name());
      double w = original.get(element);
      // The distance that the rounded ends really have.
      double above = w + difference;
      double below = w - difference;
      double lossAbove = at(parameter, original, element, above);
      List<byte[]> regionsAbove = regions();
      double lossBelow = at(parameter, original, element, below);
      List<byte[]> regionsBelow = regions();
      bank.write(parameter.name(), original);
      for (int i = 0; i < kinked.size(); i++) {
        if (!Arrays.equals(regionsAbove.get(i), regionsBelow.get(i))) {
          return Optional.empty();
        }
      }
      return Optional.of((lossAbove - lossBelow) / (above - below));
    }

    private double at(ParameterSpec parameter, Tensor original, int element, double value) {
      double[] moved = original.doubles().clone();
      moved[element] = value;
      bank.write(parameter.name(), Tensor.of(parameter.shape(), moved));
      executable.run(batch, state());
      return executable.loss();
    }

    /** For every element of every ReLU6: 0 at or below zero, 1 between, 2 at or above six. */
    private List<byte[]> regions() {
      return kinked.stream().map(layer -> {
        double[] y = executable.read(layer).doubles();
        byte[] regions = new byte[y.length];
        for (int i = 0; i < y.length; i++) {
          regions[i] = (byte) (y[i] <= 0 ? 0 : y[i] < 6 ? 1 : 2);
        }
        return regions;
      }).toList();
    }

    @Override
    public void close() {
      executable.close();
      bank.close();
      reference.close();
    }
  }

  /** The plan without what comes after the loss. */
  private static Plan untilLoss(Plan plan) {
    List<Phase> phases = plan.phases().stream().map(phase -> new Phase(phase.kind(), phase.steps().stream()
        .filter(step -> step instanceof Step.Forward || step instanceof Step.ComputeLoss)
        .toList())).toList();
    return new Plan(plan.network(), plan.batch(), plan.values(), plan.slots(), phases, plan.input(), plan.taps(),
        plan.spec());
  }
}
