package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Batch;
import dev.lentil.backend.RunState;
import dev.lentil.nn.Network;
import dev.lentil.plan.Planner;
import dev.lentil.safetensors.SafetensorsFile;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.DeviceUnderTest;
import dev.lentil.testing.SharedData;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The features of eight dermatoscopic images as Keras 3.15.1 calculates them in float32 from the same weights. Two
 * errors of a tensor are held to 1e-4: the norm of the difference relative to Keras's norm, and the largest difference
 * relative to the largest feature (6 before pooling). In absolute terms Keras itself is up to 1.8e-4 from a float64
 * calculation before pooling, and 2.2e-5 after.
 */
class KerasFeaturesTest {
  private static final double TOLERANCE = 1e-4;

  @Test
  void eightImages() {
    Model model = ModelFile.read(SharedData.require("weights/mobilenet_v2_1.0_224_imagenet.safetensors"));
    Network network = model.architecture().network();
    try (var expected = SafetensorsFile.open(SharedData.require("reference/keras_224_features.safetensors"));
        var device = DeviceUnderTest.open();
        var bank = device.load(network, model.weights());
        var run = device.compile(Planner.inference(network, 8, device.fusions(),
            Set.of("out_relu", "global_average_pooling2d")), bank)) {
      byte[] bytes = expected.bytes("images_u8_nhwc");
      float[] rgb = new float[bytes.length];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = bytes[i] & 0xFF;
      }
      run.run(Batch.of(Tensor.of(Shape.of(8, 224, 224, 3), model.scaling().scale(rgb))), RunState.inference());
      check(device.describe(), "out_relu", run.read("out_relu"), expected.tensor("features_7x7x1280"));
      check(device.describe(), "global_average_pooling2d", run.read("global_average_pooling2d"),
          expected.tensor("gap_1280"));
    }
  }

  private static void check(String device, String layer, Tensor actual, Tensor expected) {
    assertTrue(actual.shape().equals(expected.shape()), layer + " is " + actual.shape());
    double worst = 0;
    double difference = 0;
    double norm = 0;
    double largest = 0;
    for (int i = 0; i < expected.shape().size(); i++) {
      double d = actual.get(i) - expected.get(i);
      worst = Math.max(worst, Math.abs(d));
      difference += d * d;
      norm += expected.get(i) * expected.get(i);
      largest = Math.max(largest, Math.abs(expected.get(i)));
    }
    double relative = Math.sqrt(difference / norm);
    System.out.printf(Locale.ROOT, "%s on %s: relative L2 %.2e; largest difference %.2e, of the largest feature %.2e%n",
        layer,
        device, relative, worst, worst / largest);
    assertTrue(relative <= TOLERANCE && worst / largest <= TOLERANCE, layer + ": " + relative + ", " + worst);
  }
}
