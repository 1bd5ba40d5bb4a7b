package dev.lentil.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.testing.RandomTensors;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuExecutableTest {
  private static final Shape IMAGE = Shape.of(20, 18, 3);
  private static final int BATCH = 4;

  private static final int ALREADY_THERE = -Kernels.FRONT - Kernels.SLACK;

  /** What copies patches reads the caller's images; a matrix product needs room behind them, and so a copy. */
  @ParameterizedTest
  @CsvSource({"3, 0", "1, 4320"})
  void imagesThatAreReadWhereTheyLieTakeNoMemory(int kernel, int elements) {
    var memory = new Memory();
    var plan = run(kernel, memory, new Memory());
    assertEquals(elements == 0 ? 0 : Kernels.FRONT + elements + Kernels.SLACK,
        memory.array(plan.value(plan.input()).slot(), ALREADY_THERE).length);
  }

  /** A program may ask from a new thread for each image. */
  @Test
  void theCallingThreadKeepsNoWorkingMemory() {
    var callersScratch = new Memory();
    run(3, new Memory(), callersScratch);
    int patches = Scratch.PATCHES.ordinal();
    assertTrue(callersScratch.array(patches, ALREADY_THERE).length >= Kernels.FRONT + IMAGE.extent(1) * 3 * 3 * 3);
    assertEquals(Kernels.FRONT + Kernels.SLACK, Scratch.PATCHES.of(0).length, "the calling thread has some of its own");
  }

  /** The images of a network that is compiled may be large; nothing is allocated for them yet. */
  @Test
  void aKernelGradientWhosePatchesNoArrayHoldsIsRefused() {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(3000, 3000, 1)));
    b.add(new Layer.Conv2d("wide", 1, 17, 1, Padding.KERAS, true));
    b.add(new Layer.GlobalAveragePool("pool"));
    Network network = b.build();
    var spec = new TrainingSpec(Set.of("wide"), BatchNormMode.FROZEN, new Loss.BinaryCrossEntropy(), Optional.empty());
    try (Device device = new CpuBackend().open(new DeviceOptions(1));
        var bank = device.load(network, new RandomTensors(5).weights(network))) {
      var plan = Planner.training(network, 1, spec, device.fusions(), Set.of());
      assertEquals("the gradient of layer 'wide' by patches of one image needs " + (2_601_000_000L + Kernels.SLACK)
          + " elements, more than one array can hold: use smaller images or a smaller kernel",
          assertThrows(BackendException.class, () -> device.compile(plan, bank)).getMessage());
    }
  }

  private static Plan run(int kernel, Memory memory, Memory callersScratch) {
    var b = Network.builder();
    b.add(new Layer.Input("input", IMAGE));
    b.add(new Layer.Conv2d("stem", 8, kernel, 1, Padding.KERAS, false));
    Network network = b.build();
    var random = new RandomTensors(5);
    var plan = Planner.inference(network, BATCH, Set.of(), Set.of());
    try (var parameters = new CpuParameters(network, random.weights(network));
        var workers = new Workers(1);
        var executable =
            new CpuExecutable(plan, parameters, KernelProvider.kernels(), workers, memory, callersScratch)) {
      executable.run(Batch.of(random.normal(IMAGE.batched(BATCH), 0, 1)), RunState.inference());
    }
    return plan;
  }
}
