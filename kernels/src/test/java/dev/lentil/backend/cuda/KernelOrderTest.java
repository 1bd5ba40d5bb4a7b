package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Precision;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.backend.cuda.emulation.EmulatedCard.Order;
import dev.lentil.backend.cuda.emulation.OnCard;
import dev.lentil.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Threads and blocks in the opposite order give the same bits: no kernel lacks a barrier, no block reads what another
 * writes, and no sum depends on who comes first. A true card, which has an order of its own, is asked for the same bits twice.
 */
@ExtendWith(OnCard.class)
class KernelOrderTest {
  private final SmallTraining training = SmallTraining.of(41, 36, 6, 3, 0.3);

  @AfterEach
  void forwards() {
    EmulatedCard.run(Order.FORWARDS);
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void anyOrderGivesTheSameBits(Precision precision) {
    List<Tensor> forwards = train(Order.FORWARDS, precision);
    List<Tensor> backwards = train(Order.BACKWARDS, precision);
    assertEquals(forwards.size(), backwards.size());
    for (int i = 0; i < forwards.size(); i++) {
      assertArrayEquals(forwards.get(i).doubles(), backwards.get(i).doubles());
    }
  }

  private List<Tensor> train(Order order, Precision precision) {
    EmulatedCard.run(order);
    try (var device = new CudaBackend().open(new DeviceOptions(1).withPrecision(precision))) {
      return training.train(device, 3);
    }
  }
}
