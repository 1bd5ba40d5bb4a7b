package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.backend.cuda.emulation.OnCard;
import dev.lentil.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two devices of one card, each in a thread of its own. What each does while the other records: {@link RecordingTest}. */
@ExtendWith(OnCard.class)
class TwoDevicesTest {
  private static final int STEPS = 3;
  private static final int REPETITIONS = 20;

  private final SmallTraining training = SmallTraining.of(9, 8, 2, 1, 0);

  private List<Tensor> train() {
    try (Device device = new CudaBackend().open(new DeviceOptions(1))) {
      return training.train(device, STEPS);
    }
  }

  /**
   * All bits are those of one thread, and each run from the second on is a graph. A true card does not count its graphs, but
   * bench/gpu/run fails where one was not recorded.
   */
  @Test
  void theyTrainAtTheSameTime() throws Exception {
    List<Tensor> expected = train();
    long before = EmulatedCard.isTrue() ? 0 : EmulatedCard.graphLaunches();
    try (var threads = Executors.newFixedThreadPool(2)) {
      List<Future<List<Tensor>>> results = new ArrayList<>();
      for (int i = 0; i < REPETITIONS; i++) {
        results.add(threads.submit(this::train));
      }
      for (Future<List<Tensor>> result : results) {
        List<Tensor> actual = result.get(5, TimeUnit.MINUTES);
        for (int i = 0; i < expected.size(); i++) {
          assertArrayEquals(expected.get(i).doubles(), actual.get(i).doubles());
        }
      }
    }
    if (!EmulatedCard.isTrue()) {
      assertEquals(REPETITIONS * (STEPS - 1), EmulatedCard.graphLaunches() - before);
    }
  }
}
