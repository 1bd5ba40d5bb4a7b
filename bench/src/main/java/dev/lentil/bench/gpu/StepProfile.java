package dev.lentil.bench.gpu;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceChoice;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.Precision;
import dev.lentil.bench.Median;
import dev.lentil.bench.gpu.StepTiming.Work;
import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.nn.Initializer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Window;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where the time of {@link StepTiming} goes, step by step, as the device itself measures it, and how many bytes a second each step
 * moves by {@link StepTraffic}'s count.
 */
public final class StepProfile {
  private static final int ROUNDS = 9;
  private static final int WARM_UP = 3;

  private StepProfile() {}

  /** What is profiled: {@code bfloat16:training:256}. */
  record Case(Precision precision, Work work, int batch) {
    static Case of(String text) {
      String[] parts = text.split(":");
      if (parts.length != 3) {
        throw new IllegalArgumentException("'" + text + "' is not PRECISION:WORK:BATCH, such as bfloat16:training:256");
      }
      return new Case(Precision.of(parts[0]), Work.valueOf(parts[1].toUpperCase(Locale.ROOT)),
          Integer.parseInt(parts[2]));
    }
  }

  /**
   * One step.
   *
   * @param kind the step's type, {@code TrainConvolve 1x1}; {@code Batch} for what comes before the first step
   * @param value what it writes first, {@code d(block_1_expand)}; nothing where it writes parameters alone
   * @param microseconds the median
   * @param bytes of activations and gradients, read and written; 0 where they are not counted
   */
  record Row(String kind, String value, double microseconds, long bytes) {
    Map<String, Object> document() {
      var document = new LinkedHashMap<String, Object>();
      document.put("step", kind);
      document.put("value", value);
      document.put("microseconds", microseconds);
      document.put("bytes", bytes);
      document.put("gigabytes_per_second", microseconds > 0 ? bytes / 1e3 / microseconds : 0.0);
      return document;
    }
  }

  /**
   * Prints profiles as JSON, each in a line as soon as it is there.
   *
   * @param args device, alpha, resolution, then cases
   */
  public static void main(String[] args) {
    if (args.length < 4) {
      System.err.println("usage: StepProfile DEVICE ALPHA RESOLUTION PRECISION:WORK:BATCH...");
      System.exit(2);
    }
    int size = Integer.parseInt(args[2]);
    Network network = MobileNetV2.keras(Double.parseDouble(args[1]), size, size, Head.binary()).network();
    for (Case each : Arrays.stream(args).skip(3).map(Case::of).toList()) {
      try (Device device =
          DeviceChoice.of(args[0], DeviceOptions.defaults().withPrecision(each.precision())).open()) {
        measure(device, network, each).ifPresentOrElse(rows -> System.out.println(Json.compact(document(each, rows))),
            () -> System.err.println(device.describe() + " cannot time the steps of a plan"));
      } catch (BackendException e) {
        // What can be measured still is.
        System.err.println(each + ": " + e.getMessage());
      }
    }
  }

  private static Map<String, Object> document(Case profiled, List<Row> rows) {
    var document = new LinkedHashMap<String, Object>();
    document.put("precision", profiled.precision().text());
    document.put("work", profiled.work().text());
    document.put("batch", profiled.batch());
    document.put("microseconds", rows.stream().mapToDouble(Row::microseconds).sum());
    document.put("steps", rows.stream().map(Row::document).toList());
    return document;
  }

  /** The steps in the plan's order; nothing if the device cannot tell. */
  static Optional<List<Row>> measure(Device device, Network network, Case profiled) {
    Plan plan = StepTiming.plan(device, network, profiled.work(), profiled.batch());
    try (ParameterBank bank = device.load(network, Initializer.weights(network, 1));
        Executable executable = device.compile(plan, bank);
        TimedBatch timed = TimedBatch.of(device, plan, profiled.work())) {
      var rounds = new ArrayList<double[]>();
      for (int run = 1; run <= WARM_UP + ROUNDS; run++) {
        Optional<double[]> times = executable.runTimed(timed.batch(), StepTiming.state(profiled.work(), run));
        if (times.isEmpty()) {
          return Optional.empty();
        }
        if (run > WARM_UP) {
          rounds.add(times.get());
        }
      }
      return Optional.of(rows(plan, profiled.precision(), Median.ofEach(rounds)));
    }
  }

  private static List<Row> rows(Plan plan, Precision precision, double[] microseconds) {
    long[] elements = StepTraffic.each(plan);
    var rows = new ArrayList<Row>();
    rows.add(new Row("Batch", plan.value(plan.input()).name(), microseconds[0], 0));
    for (int i = 0; i < elements.length; i++) {
      Step step = plan.steps().get(i);
      String value = step.writes().isEmpty() ? "" : plan.value(step.writes().getFirst()).name();
      rows.add(new Row(kind(step), value, microseconds[i + 1],
          elements[i] * StepTraffic.bytes(precision)));
    }
    return rows;
  }

  /** The step's type and, of a convolution, which: they have different kernels. */
  static String kind(Step step) {
    String type = step.getClass().getSimpleName();
    return switch (step) {
      case Step.TrainConvolve s -> type + " " + window(s.convolution());
      case Step.TrainConvolveBackward s -> type + " " + window(s.forward().convolution());
      case Step.RectifiedDepthwise s -> type + " " + window(s.convolution().window());
      case Step.FusedConvolve s -> type + " " + window(s.window());
      case Step.Convolve s -> type + " " + window(s.window());
      case Step.ConvolveBackward s -> type + " " + window(s.forward().window());
      default -> type;
    };
  }

  private static String window(Step.Convolution convolution) {
    return convolution instanceof Step.Convolve s ? window(s.window()) : "depthwise";
  }

  private static String window(Window window) {
    return window.kernelH() + "x" + window.kernelW();
  }
}
