package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Precision;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.backend.cuda.emulation.OnCard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What cuBLAS is asked for, which only the emulated one can tell, and sums to more digits than a true card's: that rounds otherwise, which may take a
 * value across a kink of ReLU6, and is held to wider limits with the same network by {@link CudaPrecisionTest}.
 */
@ExtendWith(OnCard.class)
class CudaArithmeticTest {
  private static final double LIMIT = 1e-5;

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

  /** Many rows, so that every two-stage sum has many groups. */
  @Test
  void sumsOfManyGroups() {
    var training = SmallTraining.of(64, 61, 4, 3, 0.2);
    try (Device reference = Backends.named("reference").open(new DeviceOptions(1));
        Device device = new CudaBackend().open(new DeviceOptions(1))) {
      var actual = training.gradients(device);
      training.gradients(reference).forEach((name, expected) -> {
        double error = SmallTraining.relativeError(actual.get(name), expected);
        if (!name.endsWith("project_BN/beta")) {
          assertTrue(error < LIMIT, name + ": " + error);
        }
      });
    }
  }
}
