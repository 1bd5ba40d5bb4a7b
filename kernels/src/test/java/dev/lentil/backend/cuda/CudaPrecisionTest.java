package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Precision;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cuda.emulation.OnCard;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OnCard.class)
class CudaPrecisionTest {
  /** 8 bits of mantissa, so about 1/256 in each operation. */
  @Test
  void bfloat16StaysNearFloat64() {
    compare(Precision.BFLOAT16, 2e-2, 5e-2);
  }

  /** 11 bits of mantissa in products' factors. */
  @Test
  void tf32StaysNearFloat64() {
    compare(Precision.TF32, 3e-3, 1e-2);
  }

  /**
   * Many rows, so that every two-stage sum has many groups.
   *
   * @param most relative error of loss, logits and statistics
   * @param mostOfGradient of all gradients as one vector
   */
  private static void compare(Precision precision, double most, double mostOfGradient) {
    var training = SmallTraining.of(64, 61, 4, 3, 0.2);
    Map<String, Tensor> expected;
    Map<String, Tensor> actual;
    try (var reference = Backends.named("reference").open(new DeviceOptions(1));
        var device = new CudaBackend().open(new DeviceOptions(1).withPrecision(precision))) {
      expected = training.gradients(reference);
      actual = training.gradients(device);
    }
    double worst = 0;
    double squares = 0;
    double norm = 0;
    for (String name : expected.keySet()) {
      double error = SmallTraining.relativeError(actual.get(name), expected.get(name));
      double size = norm(expected.get(name));
      // In front of another normalisation beta's gradient is zero in exact arithmetic: rounding is all there is.
      boolean zero = name.endsWith("project_BN/beta");
      System.out.printf("cuda %s %-32s %.1e  (norm %.1e)%n", precision.text(), name, error, size);
      if (name.contains("moving") || name.equals("loss") || name.equals("logits")) {
        worst = Math.max(worst, error);
      } else if (!zero) {
        // A single small tensor suffers more, where most of a gradient cancels.
        assertTrue(error < 0.3, name + ": " + error);
        squares += Math.pow(error * size, 2);
        norm += size * size;
      }
    }
    double gradient = Math.sqrt(squares / norm);
    System.out.printf("cuda %s: loss, logits, statistics at worst %.1e, all gradients together %.1e%n",
        precision.text(), worst, gradient);
    assertTrue(worst < most, "loss, logits, statistics: " + worst);
    assertTrue(gradient < mostOfGradient, "gradients: " + gradient);
  }

  private static double norm(Tensor tensor) {
    double squares = 0;
    for (int i = 0; i < tensor.shape().size(); i++) {
      squares += tensor.get(i) * tensor.get(i);
    }
    return Math.sqrt(squares);
  }

  /** A copy rounds to nearest, ties to even, as the hardware does; the values are chosen around such ties. A mean forgets the sign of zero. */
  @Test
  void bfloat16RoundsToNearestEven() {
    float[] values =
        {1, 1 + 0x1p-8f, 1 + 0x3p-8f, Math.nextUp(1 + 0x1p-8f), -1 - 0x1p-8f, 0, -0f, 3.3895314e38f, 1e-40f,
            65504, Float.POSITIVE_INFINITY, Float.NaN};
    float[] rounded = {1, 1, 1 + 0x1p-6f, 1 + 0x1p-7f, -1, 0, 0, 3.3895314e38f, 0x1p-133f, 65536,
        Float.POSITIVE_INFINITY, Float.NaN};
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(1, 1, values.length)));
    builder.add(new Layer.GlobalAveragePool("pool"));
    Network network = builder.build();
    try (var device = new CudaBackend().open(new DeviceOptions(1).withPrecision(Precision.BFLOAT16));
        var bank = device.load(network, new Weights(Map.of()));
        var executable = device.compile(Planner.inference(network, 1, device.fusions(), Set.of()), bank)) {
      executable.run(Batch.of(Tensor.of(Shape.of(1, 1, 1, values.length), values)), RunState.inference());
      float[] read = executable.read("pool").floats();
      for (int i = 0; i < values.length; i++) {
        assertEquals(rounded[i], read[i], "of " + values[i]);
        assertEquals(0, Float.floatToRawIntBits(read[i]) & 0xFFFF, "more bits than bfloat16 has");
      }
    }
  }
}
