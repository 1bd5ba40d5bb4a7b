package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.Precision;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cuda.blas.Arithmetic;
import dev.lentil.backend.cuda.blas.Blas;
import dev.lentil.backend.cuda.blas.BlasProvider;
import dev.lentil.backend.cuda.dnn.Cudnn;
import dev.lentil.backend.cuda.dnn.CudnnChoice;
import dev.lentil.backend.cuda.driver.Closing;
import dev.lentil.backend.cuda.driver.DeviceMemory;
import dev.lentil.backend.cuda.driver.Grid;
import dev.lentil.backend.cuda.driver.PinnedMemory;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.backend.cuda.emulation.OnCard;
import dev.lentil.plan.Planner;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a thread does with one device while another records on a second one, of the same card or not. */
@ExtendWith(OnCard.class)
class RecordingTest {
  private static final SmallTraining TRAINING = SmallTraining.of(9, 8, 2, 1, 0);
  private static final float[] VALUES = {1, 2, 3, 4};

  /** The other thread's device, and what is to be closed in the end. */
  private record Other(CudaDevice device, Closing left) {
    DeviceMemory memory() {
      return left.add(device.driver().allocate(4L * VALUES.length));
    }

    Blas blas() {
      DeviceMemory workspace = left.add(device.driver().allocate(Blas.WORKSPACE_BYTES));
      return left.add(BlasProvider.open(device.driver(), device.stream(), workspace, Arithmetic.FLOAT32));
    }

    Cudnn cudnn() {
      System.setProperty(CudnnChoice.PROPERTY, "all");
      try {
        CudnnChoice choice = CudnnChoice.of(Precision.FLOAT32);
        return left.add(Cudnn.open(choice, Precision.FLOAT32, device.driver(), device.stream()).orElseThrow());
      } finally {
        System.setProperty(CudnnChoice.PROPERTY, "none");
      }
    }

    Executable step() {
      ParameterBank bank = left.add(device.load(TRAINING.network(), TRAINING.weights()));
      return left.add(device.compile(Planner.training(TRAINING.network(), 2, TRAINING.spec(Optional.empty()),
          device.fusions(), Set.of()), bank));
    }
  }

  /** Prepares what then falls into the recording. */
  private interface Work extends Function<Other, Runnable> {}

  private static Arguments named(String name, Work work) {
    return arguments(name, work);
  }

  static Stream<Arguments> work() {
    return Stream.of(
        named("copies to the card", other -> {
          DeviceMemory memory = other.memory();
          return () -> memory.upload(0, VALUES);
        }),
        named("copies from the card", other -> {
          DeviceMemory memory = other.memory();
          return () -> memory.download(0, new float[VALUES.length]);
        }),
        named("clears memory", other -> {
          DeviceMemory memory = other.memory();
          return () -> memory.clear(0, memory.bytes());
        }),
        named("takes memory", other -> other::memory),
        named("gives memory back", other -> other.memory()::close),
        named("pins memory", other -> () -> other.left.add(other.device.driver().pinned(4))),
        named("gives pinned memory back", other -> {
          PinnedMemory memory = other.left.add(other.device.driver().pinned(4));
          return memory::close;
        }),
        named("loads kernels",
            other -> () -> other.device.kernels().launch("add.cu", "copy", Grid.elements(1), 0L, 0L, 0)),
        named("looks for a kernel", other -> {
          other.device.kernels().launch("add.cu", "copy", Grid.elements(1), 0L, 0L, 0);
          return () -> other.device.kernels().launch("add.cu", "add", Grid.elements(1), 0L, 0L, 0L, 0);
        }),
        named("starts cuBLAS", other -> other::blas),
        named("stops cuBLAS", other -> other.blas()::close),
        named("starts cuDNN", other -> other::cudnn),
        named("stops cuDNN", other -> other.cudnn()::close),
        named("runs a plan for the first time", other -> {
          Executable step = other.step();
          return () -> step.run(TRAINING.batch(), new RunState(1, 1, 1, 0));
        }));
  }

  @AfterEach
  void oneCard() {
    EmulatedCard.setCards(1);
  }

  private static CudaDevice open(int card) {
    return CudaDevice.open(new DeviceOptions(1).withCard(card));
  }

  /** Records two copies, between which another thread works until it is done or waits. */
  private static void collide(CudaDevice device, CudaDevice others, Work work, boolean waits) throws Exception {
    try (Closing left = new Closing()) {
      DeviceMemory from = left.add(device.driver().allocate(4L * VALUES.length));
      DeviceMemory between = left.add(device.driver().allocate(from.bytes()));
      DeviceMemory to = left.add(device.driver().allocate(from.bytes()));
      from.upload(0, VALUES);
      others.driver().makeCurrent();
      Runnable prepared = work.apply(new Other(others, left));
      var other = new FutureTask<>(() -> {
        others.driver().makeCurrent();
        prepared.run();
      }, true);
      var thread = new Thread(other);
      device.driver().makeCurrent();
      var graph = left.add(device.stream().capture(() -> {
        between.copy(0, from, from.bytes(), device.stream());
        thread.start();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (thread.isAlive() && !(waits && thread.getState() == Thread.State.WAITING) && System.nanoTime() < end) {
          Thread.onSpinWait();
        }
        assertEquals(waits, !other.isDone());
        to.copy(0, between, from.bytes(), device.stream());
      }));
      other.get(1, TimeUnit.MINUTES);
      graph.launch(device.stream());
      float[] copied = new float[VALUES.length];
      to.download(0, copied);
      assertArrayEquals(VALUES, copied);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("work")
  void anotherThreadWaits(String name, Work work) throws Exception {
    try (CudaDevice device = open(0); CudaDevice others = open(0)) {
      collide(device, others, work, true);
    }
  }

  @Test
  void anotherCardDoesNotWait() throws Exception {
    EmulatedCard.setCards(2);
    try (CudaDevice device = open(0); CudaDevice others = open(1)) {
      collide(device, others, other -> other::memory, false);
    }
  }
}
