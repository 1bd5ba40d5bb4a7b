package dev.lentil.mobilenetv2;

import dev.lentil.backend.Availability;
import dev.lentil.backend.Backend;
import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Fusion;
import dev.lentil.plan.Plan;
import dev.lentil.tensor.Tensor;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** The reference backend with something done at the beginning and the end of each run, which counts its devices. */
final class WatchedBackend implements Backend {
  /** What a test does within a run. */
  interface Action {
    void run() throws Exception;
  }

  private final Action begin;
  private final Action end;
  private final boolean companions;
  private int most = Integer.MAX_VALUE;
  private boolean memory = true;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger loaded = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();

  /** @param companions whether its devices have any */
  WatchedBackend(Action begin, Action end, boolean companions) {
    this.begin = begin;
    this.end = end;
    this.companions = companions;
  }

  WatchedBackend(Action begin, boolean companions) {
    this(begin, () -> {}, companions);
  }

  /** Lets the system have no thread for a device beyond so many. */
  WatchedBackend withAtMost(int devices) {
    most = devices;
    return this;
  }

  /** Lets there be no memory for a network's weights. */
  WatchedBackend withoutMemory() {
    memory = false;
    return this;
  }

  int opened() {
    return opened.get();
  }

  int loaded() {
    return loaded.get();
  }

  int closed() {
    return closed.get();
  }

  @Override
  public String name() {
    return "watched";
  }

  @Override
  public Availability probe() {
    return new Availability.Available(name());
  }

  @Override
  public Device open(DeviceOptions options) {
    return new Watched(Backends.named("reference").open(options));
  }

  private static void perform(Action action) {
    try {
      action.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private final class Watched implements Device {
    private final Device device;

    private Watched(Device device) {
      this.device = device;
      opened.incrementAndGet();
    }

    @Override
    public String describe() {
      return device.describe();
    }

    @Override
    public Set<Fusion> fusions() {
      return device.fusions();
    }

    @Override
    public ParameterBank load(Network network, Weights weights) {
      if (!memory) {
        throw new OutOfMemoryError("Java heap space");
      }
      loaded.incrementAndGet();
      return device.load(network, weights);
    }

    @Override
    public Executable compile(Plan plan, ParameterBank bank) {
      return new WatchedExecutable(device.compile(plan, bank));
    }

    @Override
    public Optional<Device> companion() {
      if (opened.get() == most) {
        throw new OutOfMemoryError("unable to create native thread");
      }
      return companions ? device.companion().map(Watched::new) : Optional.empty();
    }

    @Override
    public void close() {
      closed.incrementAndGet();
      device.close();
    }
  }

  private final class WatchedExecutable implements Executable {
    private final Executable executable;

    private WatchedExecutable(Executable executable) {
      this.executable = executable;
    }

    @Override
    public Plan plan() {
      return executable.plan();
    }

    @Override
    public void run(Batch batch, RunState state) {
      perform(begin);
      executable.run(batch, state);
      perform(end);
    }

    @Override
    public Supplier<Tensor> readLater(String layer) {
      return executable.readLater(layer);
    }

    @Override
    public DoubleSupplier lossLater() {
      return executable.lossLater();
    }

    @Override
    public void close() {
      executable.close();
    }
  }
}
