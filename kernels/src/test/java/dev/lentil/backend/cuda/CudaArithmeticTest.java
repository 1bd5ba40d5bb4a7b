package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Precision;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.backend.cuda.emulation.OnCard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What cuBLAS is asked for, which only the emulated one can tell. */
@ExtendWith(OnCard.class)
class CudaArithmeticTest {
  @Test
  void tf32IsUsedWhenAskedForOnly() {
    var training = SmallTraining.of(9, 8, 2, 1, 0);
    for (Precision precision : Precision.values()) {
      try (var device = new CudaBackend().open(new DeviceOptions(1).withPrecision(precision))) {
        training.gradients(device);
        assertEquals(precision == Precision.TF32, EmulatedCard.usedTf32(), precision.text());
        assertTrue(device.describe().contains(precision.text()), device.describe());
      }
    }
  }
}
