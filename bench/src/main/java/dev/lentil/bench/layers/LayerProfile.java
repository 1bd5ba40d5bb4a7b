package dev.lentil.bench.layers;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.bench.Median;
import dev.lentil.bench.contender.Images;
import dev.lentil.bench.contender.TrainingTask;
import dev.lentil.bench.machine.CopyBandwidth;
import dev.lentil.bench.machine.FmaPeak;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.Network;
import dev.lentil.plan.Planner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * The time of each step of a plan, as the device tells it ({@link Executable#runTimed}), beside what it does at the least. A step
 * reads from where the steps before left it: a cache, or memory.
 *
 * @param rows the steps, in order
 * @param wholeMicros the whole plan, untimed, in microseconds
 * @param peakGigaflops the machine's vector multiply-adds on as many threads
 */
public record LayerProfile(List<Row> rows, int batch, int threads, double wholeMicros, double peakGigaflops) {
  private static final int LEAST_ROUNDS = 9;
  private static final Duration LEAST = Duration.ofSeconds(2);
  private static final double MICRO = 1e3;

  /** What is measured. */
  public enum Work { INFERENCE, TRAINING }

  /**
   * One step.
   *
   * @param micros its median time
   * @param copyGigabytes how fast this machine copies as many bytes as the step moves
   * @param rooflineMicros the least time that it could take
   */
  public record Row(String layers, String step, double millionMultiplyAdds, double micros, double gigaflops,
      double kilobytes, double gigabytes, double copyGigabytes, double rooflineMicros) {}

  /**
   * Measures an inference; it takes some seconds.
   *
   * @param warmUp how long it runs first, so that everything is compiled
   */
  public static LayerProfile inference(Model model, int n, int threads, Duration warmUp) {
    Network network = model.architecture().network();
    try (Device device = Backends.named("cpu").open(new DeviceOptions(threads));
        ParameterBank bank = device.load(network, model.weights());
        Executable executable =
            device.compile(Planner.inference(network, n, device.fusions(), Set.of()), bank)) {
      return measure(executable, Batch.of(Images.random(network, n, 7).nhwc()), _ -> RunState.inference(), threads,
          warmUp);
    }
  }

  /** Measures a training step of all layers, with an update by Adam. */
  public static LayerProfile training(Model model, int n, int threads, Duration warmUp) {
    TrainingTask task = TrainingTask.of(model, n);
    try (Device device = Backends.named("cpu").open(new DeviceOptions(threads));
        ParameterBank bank = device.load(task.network(), task.weights());
        Executable executable = device.compile(task.plan(device, Optional.of(TrainingTask.adam())), bank)) {
      return measure(executable, task.batch(), step -> new RunState(0, 1, step, TrainingTask.LEARNING_RATE), threads,
          warmUp);
    }
  }

  private static LayerProfile measure(Executable executable, Batch batch, LongFunction<RunState> states, int threads,
      Duration warmUp) {
    long step = 0;
    long end = System.nanoTime() + warmUp.toNanos();
    do {
      executable.run(batch, states.apply(++step));
    } while (System.nanoTime() < end);
    var whole = new ArrayList<Double>();
    var timed = new ArrayList<double[]>();
    end = System.nanoTime() + LEAST.toNanos();
    while (timed.size() < LEAST_ROUNDS || System.nanoTime() < end) {
      long start = System.nanoTime();
      executable.run(batch, states.apply(++step));
      whole.add((System.nanoTime() - start) / MICRO);
      timed.add(executable.runTimed(batch, states.apply(++step)).orElseThrow());
    }
    return profile(StepWork.of(executable.plan()), Median.ofEach(timed),
        Median.of(whole.stream().mapToDouble(Double::doubleValue).toArray()), executable.plan().batch(), threads);
  }

  /** @param micros of what comes before the steps, then of each step */
  static LayerProfile profile(List<StepWork> steps, double[] micros, double wholeMicros, int n, int threads) {
    double peak = FmaPeak.gigaflops(threads);
    Map<Integer, Double> copies = new TreeMap<>();
    var rows = new ArrayList<Row>();
    for (int i = 0; i < steps.size(); i++) {
      StepWork step = steps.get(i);
      // at least ten nanoseconds, so that every rate is a number
      double time = Math.max(micros[i + 1], 0.01);
      // to a power of two, since one measurement for each step would take longer than the steps
      int size = Math.max(1024, Integer.highestOneBit((int) Math.min(step.work().bytes() / threads, 1 << 28)));
      double copy = copies.computeIfAbsent(size, bytes -> CopyBandwidth.between(threads, bytes));
      rows.add(new Row(step.name(), step.kind(), step.work().operations() / 2e6, time,
          step.work().gigaflops(time * MICRO), step.work().bytes() / 1e3, step.work().gigabytes(time * MICRO), copy,
          step.work().roofline(peak, copy) / MICRO));
    }
    return new LayerProfile(rows, n, threads, wholeMicros, peak);
  }
}
