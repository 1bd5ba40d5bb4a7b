package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.Precision;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.backend.cuda.emulation.OnCard;
import dev.lentil.nn.Network;
import dev.lentil.plan.Planner;
import dev.lentil.testing.RandomTensors;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That copies and runs overlap, which only the emulated card tells; that they do so rightly is {@link StagingTest}'s. */
@ExtendWith(OnCard.class)
class OverlapTest {
  @AfterEach
  void atOnce() {
    EmulatedCard.workLate(false);
  }

  /**
   * The fourth of these sends waits until its buffer is free, that is, until the second copy has crossed the bus. It has while the
   * stream that calculates has not even begun; in that stream it would come after a run.
   */
  @ParameterizedTest
  @EnumSource(value = Precision.class, names = {"FLOAT32", "BFLOAT16"})
  void batchesCrossTheBusBeforeTheRunsInFrontOfThemAreDone(Precision precision) {
    int n = 26;
    Network network = StagingTest.network();
    var random = new RandomTensors(n);
    Batch batch = random.batch(network, n, StagingTest.SPEC.loss());
    try (Device device = new CudaBackend().open(new DeviceOptions(1).withPrecision(precision));
        ParameterBank bank = device.load(network, random.weights(network));
        Executable step =
            device.compile(Planner.training(network, n, StagingTest.SPEC, device.fusions(), Set.of()), bank)) {
      for (int t = 1; t <= 3; t++) {
        step.run(batch, new RunState(1, 1, t, 0.5));
      }
      EmulatedCard.workLate(true);
      long uploads = EmulatedCard.uploads();
      long launches = EmulatedCard.launches();
      for (int t = 4; t <= 7; t++) {
        step.run(batch, new RunState(1, 1, t, 0.5));
      }
      assertEquals(launches, EmulatedCard.launches(), "a run was waited for");
      assertEquals(uploads + 2, EmulatedCard.uploads());
      EmulatedCard.requireWorkLeft();
    }
  }
}
