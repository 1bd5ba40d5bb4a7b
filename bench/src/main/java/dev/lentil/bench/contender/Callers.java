package dev.lentil.bench.contender;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** One program asked by several threads at once, each for one batch after another, as a service's threads do. */
public final class Callers implements Inference {
  /** Batches of each caller in a run: so many that the wait for the last caller weighs little. */
  public static final int EACH = 16;

  private final String name;
  private final List<Callable<float[]>> callers;
  private final Runnable close;
  private final ExecutorService threads;

  private Callers(String name, List<Supplier<float[]>> callers, Runnable close) {
    this.name = name;
    this.callers = callers.stream().<Callable<float[]>>map(caller -> () -> {
      for (int i = 1; i < EACH; i++) {
        caller.get();
      }
      return caller.get();
    }).toList();
    this.close = close;
    threads = Executors.newFixedThreadPool(callers.size());
  }

  /**
   * Lentil's cpu backend: a device and its companions on one bank.
   *
   * @param threads of each caller's batch
   */
  public static Callers lentil(Network network, Weights weights, Images images, int threads, int callers) {
    var devices = new ArrayList<>(List.of(Backends.named("cpu").open(new DeviceOptions(threads))));
    while (devices.size() < callers) {
      devices.add(devices.getFirst().companion().orElseThrow());
    }
    Device first = devices.getFirst();
    ParameterBank bank = first.load(network, weights);
    Plan plan = Planner.inference(network, images.count(), first.fusions(), Set.of());
    Batch batch = Batch.of(images.nhwc());
    String output = network.outputNode().name();
    return new Callers("lentil", devices.stream().<Supplier<float[]>>map(device -> {
      Executable executable = device.compile(plan, bank);
      return () -> {
        executable.run(batch, RunState.inference());
        return executable.read(output).floats();
      };
    }).toList(), () -> devices.forEach(Device::close));
  }

  /** One session of ONNX Runtime, which any number of threads may call. */
  public static Callers of(OnnxRuntimeInference session, int callers) {
    return new Callers(session.name(), Collections.nCopies(callers, session::run), session::close);
  }

  @Override
  public String name() {
    return name;
  }

  /** {@link #EACH} batches of each caller; the outputs of the last, one caller's behind the other's. */
  @Override
  public float[] run() {
    try {
      float[] all = {};
      for (var answer : threads.invokeAll(callers)) {
        float[] one = answer.get();
        int at = all.length;
        all = Arrays.copyOf(all, at + one.length);
        System.arraycopy(one, 0, all, at, one.length);
      }
      return all;
    } catch (ExecutionException e) {
      throw new IllegalStateException(name + " failed: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the measurement was interrupted", e);
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    close.run();
  }
}
