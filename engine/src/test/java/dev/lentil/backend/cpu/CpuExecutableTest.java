package dev.lentil.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.backend.Batch;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.testing.RandomTensors;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuExecutableTest {
  private static final Shape IMAGE = Shape.of(20, 18, 3);
  private static final int BATCH = 4;

  /** What copies patches reads the caller's images; a matrix product needs room behind them, and so a copy. */
  @ParameterizedTest
  @CsvSource({"3, 0", "1, 4320"})
  void imagesThatAreReadWhereTheyLieTakeNoMemory(int kernel, int elements) {
    var b = Network.builder();
    b.add(new Layer.Input("input", IMAGE));
    b.add(new Layer.Conv2d("stem", 8, kernel, 1, Padding.KERAS, false));
    Network network = b.build();
    var random = new RandomTensors(5);
    var memory = new Memory();
    var plan = Planner.inference(network, BATCH, Set.of(), Set.of());
    try (var parameters = new CpuParameters(network, random.weights(network));
        var workers = new Workers(1);
        var executable = new CpuExecutable(plan, parameters, KernelProvider.kernels(), workers, memory)) {
      executable.run(Batch.of(random.normal(IMAGE.batched(BATCH), 0, 1)), RunState.inference());
    }
    assertEquals(elements == 0 ? 0 : Kernels.FRONT + elements + Kernels.SLACK,
        memory.array(plan.value(plan.input()).slot(), -Kernels.FRONT - Kernels.SLACK).length);
  }
}
