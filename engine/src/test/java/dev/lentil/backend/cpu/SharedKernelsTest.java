package dev.lentil.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.lentil.backend.Backends;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.testing.RandomTensors;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What is made of the parameters is in memory once, however many executables a bank has. */
class SharedKernelsTest {
  private static final int WIDE = 1000;
  /** Of the widest kernel. */
  private static final long KERNEL_BYTES = Float.BYTES * WIDE * WIDE;

  private final Network network = network();
  private final RandomTensors random = new RandomTensors(3);

  private static Network network() {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(4, 4, 3)));
    b.add(Layer.Conv2d.pointwise("first", 8));
    b.add(Layer.Conv2d.pointwise("wide", WIDE));
    b.add(new Layer.BatchNorm("wide_bn", 1e-3, 0.9));
    b.add(Layer.Conv2d.pointwise("wider", WIDE));
    b.add(new Layer.BatchNorm("wider_bn", 1e-3, 0.9));
    b.add(new Layer.GlobalAveragePool("pool"));
    b.add(new Layer.Dense("logits", 1));
    return b.build();
  }

  /** Compiling takes the memory. */
  private static void requireShared(Device device, Device other, ParameterBank bank, Plan plan, int forms) {
    var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    try (Executable first = device.compile(plan, bank)) {
      long between = thread.getCurrentThreadAllocatedBytes();
      try (Executable second = other.compile(plan, bank)) {
        long after = thread.getCurrentThreadAllocatedBytes();
        assertTrue(between - before > forms * KERNEL_BYTES, "the first made " + (between - before));
        assertTrue(after - between < KERNEL_BYTES / 2, "the second made it again: " + (after - between));
        assertEquals(first.plan(), second.plan());
      }
    }
  }

  @Test
  void isMadeOnceForAllWhoBeginTogether() throws Exception {
    int count = 4;
    try (Device device = Backends.named("cpu").open(new DeviceOptions(1));
        ParameterBank bank = device.load(network, random.weights(network));
        var threads = Executors.newFixedThreadPool(count)) {
      var begun = new AtomicInteger();
      var done = new AtomicInteger();
      var derived = new Derived((CpuParameters) bank, List.of("wide/kernel")) {
        @Override
        void make(float[] values) {
          begun.incrementAndGet();
          LockSupport.parkNanos(20_000_000);
          done.incrementAndGet();
        }
      };
      var together = new CyclicBarrier(count);
      List<Callable<Integer>> refreshed = Collections.nCopies(count, () -> {
        together.await();
        derived.refresh();
        return done.get();
      });
      for (int made = 1; made <= 3; made++) {
        for (Future<Integer> seen : threads.invokeAll(refreshed)) {
          assertEquals(made, seen.get(), "it went on before it was made");
        }
        assertEquals(made, begun.get());
        bank.write("wider/kernel", bank.read("wider/kernel"));
        derived.refresh();
        assertEquals(made, begun.get(), "of another parameter");
        bank.write("wide/kernel", bank.read("wide/kernel"));
      }
    }
  }

  @Test
  void ofInferencesOfCompanions() {
    try (Device device = Backends.named("cpu").open(new DeviceOptions(1));
        Device companion = device.companion().orElseThrow();
        ParameterBank bank = device.load(network, random.weights(network))) {
      requireShared(device, companion, bank, Planner.inference(network, 1, device.fusions(), Set.of()), 1);
    }
  }

  /** Packed for the way there, and for the way back. */
  @Test
  void ofTrainingSteps() {
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, 0), BatchNormMode.TRAINING,
        new Loss.BinaryCrossEntropy(), Optional.of(new Optimizer.Sgd(0)));
    try (Device device = Backends.named("cpu").open(new DeviceOptions(1));
        ParameterBank bank = device.load(network, random.weights(network))) {
      requireShared(device, device, bank, Planner.training(network, 2, spec, device.fusions(), Set.of()), 2);
    }
  }
}
