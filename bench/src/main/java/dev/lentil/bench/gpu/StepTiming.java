package dev.lentil.bench.gpu;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceChoice;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.Precision;
import dev.lentil.backend.RunState;
import dev.lentil.bench.Median;
import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Initializer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Times MobileNetV2 with a binary head: a run of inference, and a training step of all layers with batch statistics and
 * Adam. A measurement is the median over several rounds of as many runs as fill a given time; the clock stops when the
 * device has finished. The device makes the batch of images that it holds, as in training on HAM10000, or gets a copy in
 * every run.
 */
public final class StepTiming {
  private static final int ROUNDS = 5;
  private static final int WARM_UP = 3;

  private StepTiming() {}

  /** What is timed. */
  enum Work {
    /** Of images that the device holds as bytes, where it can hold any. */
    INFERENCE,
    /** Of a batch that is copied to the device in every run. */
    INFERENCE_FROM_HOST,
    /** A step on images that the device holds, augmented, where it can hold any. */
    TRAINING;

    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * One measurement.
   *
   * @param milliseconds of one run, the median
   * @param imagesPerSecond at that
   * @param gigabytesPerSecond activations and gradients read and written at that, as {@link StepTraffic} counts them
   */
  record Timing(String device, String precision, Work work, int batch, double milliseconds, double imagesPerSecond,
      double gigabytesPerSecond) {
    Map<String, Object> document() {
      var document = new LinkedHashMap<String, Object>();
      document.put("framework", "lentil");
      document.put("device", device);
      document.put("precision", precision);
      document.put("work", work.text());
      document.put("batch", batch);
      document.put("milliseconds", milliseconds);
      document.put("images_per_second", imagesPerSecond);
      document.put("gigabytes_per_second", gigabytesPerSecond);
      return document;
    }
  }

  /**
   * Prints measurements as JSON, each in a line as soon as it is there; bfloat16 first, where the targets are.
   *
   * @param args device, seconds for each round, alpha, resolution, then batch sizes
   */
  public static void main(String[] args) {
    if (args.length < 5) {
      System.err.println("usage: StepTiming DEVICE SECONDS ALPHA RESOLUTION BATCH...");
      System.exit(2);
    }
    int size = Integer.parseInt(args[3]);
    Network network = MobileNetV2.keras(Double.parseDouble(args[2]), size, size, Head.binary()).network();
    for (Precision precision : List.of(Precision.BFLOAT16, Precision.FLOAT32, Precision.TF32)) {
      DeviceChoice choice = DeviceChoice.of(args[0], DeviceOptions.defaults().withPrecision(precision));
      try (Device device = choice.open()) {
        for (String batch : Arrays.asList(args).subList(4, args.length)) {
          for (Work work : Work.values()) {
            Timing timing = time(device, precision, network, work, Integer.parseInt(batch),
                Double.parseDouble(args[1]));
            System.out.println(Json.compact(timing.document()));
          }
        }
      } catch (BackendException e) {
        // A processor has one precision, and a batch may be too large for a card: what can be measured still is.
        System.err.println(precision.text() + ": " + e.getMessage());
      }
    }
  }

  static Timing time(Device device, Precision precision, Network network, Work work, int n, double seconds) {
    Plan plan = plan(device, network, work, n);
    try (ParameterBank bank = device.load(network, Initializer.weights(network, 1));
        Executable executable = device.compile(plan, bank);
        TimedBatch timed = TimedBatch.of(device, plan, work)) {
      Batch batch = timed.batch();
      long step = 0;
      for (int i = 0; i < WARM_UP; i++) {
        run(executable, batch, work, ++step);
      }
      finish(executable, work);
      double[] perRun = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        long runs = 0;
        do {
          run(executable, batch, work, ++step);
          runs++;
          // Runs are queued; without a pause now and then the queue would outgrow the time that is to be filled.
          if (runs % 8 == 0) {
            finish(executable, work);
          }
        } while (System.nanoTime() - start < seconds * 1e9);
        finish(executable, work);
        perRun[round] = (System.nanoTime() - start) / 1e6 / runs;
      }
      double median = Median.of(perRun);
      double bytes = (double) StepTraffic.elements(plan) * StepTraffic.bytes(precision);
      return new Timing(device.describe(), precision.text(), work, n, median, n * 1e3 / median, bytes / 1e6 / median);
    }
  }

  static Plan plan(Device device, Network network, Work work, int n) {
    return switch (work) {
      case INFERENCE, INFERENCE_FROM_HOST -> Planner.inference(network, n, device.fusions(), Set.of());
      case TRAINING -> Planner.training(network, n, new TrainingSpec(TrainingSpec.layersFrom(network, 0),
          BatchNormMode.TRAINING, new Loss.BinaryCrossEntropy(), Optional.of(Optimizer.Adam.keras())), device.fusions(),
          Set.of());
    };
  }

  private static void run(Executable executable, Batch batch, Work work, long step) {
    executable.run(batch, state(work, step));
  }

  static RunState state(Work work, long step) {
    return work == Work.TRAINING ? new RunState(1, 1, step, 1e-4) : RunState.inference();
  }

  /** Waits: a result cannot be read before the device is done. */
  private static void finish(Executable executable, Work work) {
    switch (work) {
      case INFERENCE, INFERENCE_FROM_HOST -> executable.read(executable.plan().network().outputNode().name());
      case TRAINING -> executable.loss();
    }
  }
}
