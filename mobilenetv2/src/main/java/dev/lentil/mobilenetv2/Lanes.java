package dev.lentil.mobilenetv2;

import dev.lentil.backend.Backend;
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
import dev.lentil.tensor.Tensor;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/**
 * Inference for several callers at once on one set of parameters. A lane is a device with its executables; all lanes except the
 * first use a companion of the first lane's device. A caller has a lane to itself until it has read the results of its run, or
 * waits for one, first come, first served.
 */
final class Lanes implements AutoCloseable {
  private final Deque<Lane> idle = new ConcurrentLinkedDeque<>();
  private final ParameterBank bank;
  private final int count;
  /** As many permits as {@link #idle} has lanes. */
  private final Semaphore free;
  private volatile boolean closed;

  private static final class Lane implements AutoCloseable {
    private final Device device;
    private final Executable single;
    /** For the number of images that was asked for last, if that was not one. */
    private Optional<Executable> several = Optional.empty();

    private Lane(Device device, Plan single, ParameterBank bank) {
      this.device = device;
      this.single = device.compile(single, bank);
    }

    private Tensor run(Batch batch, ParameterBank bank) {
      Executable ready = executable(batch.size(), bank);
      ready.run(batch, RunState.inference());
      return ready.read(bank.network().outputNode().name());
    }

    private Executable executable(int images, ParameterBank bank) {
      if (images == 1) {
        return single;
      }
      if (several.filter(executable -> executable.plan().batch() == images).isEmpty()) {
        several.ifPresent(Executable::close);
        several = Optional.empty();
        several = Optional.of(device.compile(plan(device, bank, images), bank));
      }
      return several.get();
    }

    @Override
    public void close() {
      several.ifPresent(Executable::close);
      single.close();
    }
  }

  private Lanes(ParameterBank bank, List<Lane> lanes) {
    this.bank = bank;
    idle.addAll(lanes);
    count = lanes.size();
    free = new Semaphore(count, true);
  }

  /** @throws IllegalArgumentException if {@code callers} is below 1 */
  static Lanes open(Backend backend, DeviceOptions options, Network network, Weights weights, int callers) {
    if (callers < 1) {
      throw new IllegalArgumentException("callers is " + callers + ", but must be at least 1");
    }
    var devices = new ArrayList<>(List.of(backend.open(options)));
    try {
      Device first = devices.getFirst();
      while (devices.size() < callers) {
        Optional<Device> companion = first.companion();
        if (companion.isEmpty()) {
          break;
        }
        devices.add(companion.get());
      }
      ParameterBank bank = first.load(network, weights);
      Plan single = plan(first, bank, 1);
      return new Lanes(bank, devices.stream().map(device -> new Lane(device, single, bank)).toList());
    } catch (Throwable e) {
      // an Error too: the system may have no thread for the last one
      devices.forEach(Device::close);
      throw e;
    }
  }

  private static Plan plan(Device device, ParameterBank bank, int images) {
    return Planner.inference(bank.network(), images, device.fusions(), Set.of());
  }

  /** How many callers are answered at the same time: as many as were asked for, or one if the device runs one thing at a time. */
  int count() {
    return count;
  }

  /**
   * The network's output for a batch of any size.
   *
   * @throws IllegalStateException after {@link #close}
   */
  Tensor run(Batch batch) {
    free.acquireUninterruptibly();
    try {
      if (closed) {
        throw new IllegalStateException("the classifier is closed");
      }
      Lane lane = idle.pop();
      try {
        return lane.run(batch, bank);
      } finally {
        idle.push(lane);
      }
    } finally {
      free.release();
    }
  }

  /** Waits for the runs that have begun; who waits for a lane is refused. A second call does nothing. */
  @Override
  public void close() {
    closed = true;
    free.acquireUninterruptibly(count);
    try {
      if (!idle.isEmpty()) {
        idle.forEach(Lane::close);
        bank.close();
        idle.forEach(lane -> lane.device.close());
        idle.clear();
      }
    } finally {
      free.release(count);
    }
  }
}
