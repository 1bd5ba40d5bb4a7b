package dev.lentil.bench.layers;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.bench.contender.Images;
import dev.lentil.bench.machine.CopyBandwidth;
import dev.lentil.bench.machine.FmaPeak;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.Network;
import dev.lentil.plan.Phase;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The time of each step of an inference plan. Each step runs as a plan of its own, on the same memory as the whole plan,
 * so it finds what it reads where the whole plan leaves it: in cache, if it fits. The time that a plan without any step
 * takes is taken off.
 *
 * @param rows the steps, in order
 * @param wholeMicros the whole plan, in microseconds
 * @param peakGigaflops the machine's vector multiply-adds on as many threads
 */
public record LayerProfile(List<Row> rows, int batch, int threads, double wholeMicros, double peakGigaflops) {
  private static final int ROUNDS = 15;
  private static final double MICRO = 1e3;

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
   * Measures; it takes some seconds.
   *
   * @param warmUp how long the whole plan runs first, so that everything is compiled
   */
  public static LayerProfile measure(Model model, int n, int threads, Duration warmUp) {
    Network network = model.architecture().network();
    Batch batch = Batch.of(Images.random(network, n, 7).nhwc());
    try (Device device = Backends.named("cpu").open(new DeviceOptions(threads));
        ParameterBank bank = device.load(network, model.weights())) {
      Plan plan = Planner.inference(network, n, device.fusions(), Set.of());
      var runs = new ArrayList<Runnable>();
      runs.add(runnable(device, bank, plan, batch));
      runs.add(runnable(device, bank, with(plan, List.of()), batch));
      for (Phase phase : plan.phases()) {
        phase.steps().forEach(step -> runs.add(
            runnable(device, bank, with(plan, List.of(new Phase(phase.kind(), List.of(step)))), batch)));
      }
      long end = System.nanoTime() + warmUp.toNanos();
      while (System.nanoTime() < end) {
        runs.getFirst().run();
      }
      double[] micros = medians(runs);
      return profile(StepWork.of(plan), micros, n, threads);
    }
  }

  private static Plan with(Plan plan, List<Phase> phases) {
    return new Plan(plan.network(), plan.batch(), plan.values(), plan.slots(), phases, plan.input(), plan.taps(),
        Optional.empty());
  }

  private static Runnable runnable(Device device, ParameterBank bank, Plan plan, Batch batch) {
    Executable executable = device.compile(plan, bank);
    return () -> executable.run(batch, RunState.inference());
  }

  /** Median over rounds; in a round each takes its turn for at least two milliseconds. In microseconds. */
  private static double[] medians(List<Runnable> runs) {
    double[][] times = new double[runs.size()][ROUNDS];
    // the first round is thrown away
    for (int round = -1; round < ROUNDS; round++) {
      for (int i = 0; i < times.length; i++) {
        double time = average(runs.get(i));
        if (round >= 0) {
          times[i][round] = time;
        }
      }
    }
    return Arrays.stream(times).mapToDouble(each -> {
      Arrays.sort(each);
      return each[ROUNDS / 2];
    }).toArray();
  }

  private static double average(Runnable run) {
    // once for the caches alone
    run.run();
    long start = System.nanoTime();
    long end = start;
    int count = 0;
    while (count < 2 || end - start < Duration.ofMillis(2).toNanos()) {
      run.run();
      count++;
      end = System.nanoTime();
    }
    return (end - start) / MICRO / count;
  }

  /** @param micros of the whole plan, of a plan without steps, then of each step */
  static LayerProfile profile(List<StepWork> steps, double[] micros, int n, int threads) {
    double peak = FmaPeak.gigaflops(threads);
    Map<Integer, Double> copies = new TreeMap<>();
    var rows = new ArrayList<Row>();
    for (int i = 0; i < steps.size(); i++) {
      StepWork step = steps.get(i);
      // at least ten nanoseconds, so that every rate is a number
      double time = Math.max(micros[i + 2] - micros[1], 0.01);
      // to a power of two, since one measurement for each step would take longer than the steps
      int size = Integer.highestOneBit((int) Math.min(step.work().bytes() / threads, 1 << 28));
      double copy = copies.computeIfAbsent(size, bytes -> CopyBandwidth.between(threads, bytes));
      rows.add(new Row(step.name(), step.kind(), step.work().operations() / 2e6, time,
          step.work().gigaflops(time * MICRO), step.work().bytes() / 1e3, step.work().gigabytes(time * MICRO), copy,
          step.work().roofline(peak, copy) / MICRO));
    }
    return new LayerProfile(rows, n, threads, micros[0], peak);
  }
}
