package dev.lentil.weights.fuzz;

import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** That the targets run: on nothing, on noise, and on a file of their format with something cut off. */
class FuzzTargetsTest {
  private static final Map<String, Consumer<byte[]>> TARGETS = Map.of(
      "mobilenet_v2_0.35_bfloat16.safetensors", SafetensorsFuzz::fuzzerTestOneInput,
      "mobilenet_v2_0.35_96_no_top.h5", HdfFuzz::fuzzerTestOneInput,
      "mobilenet_v2_0.35_96_no_top.weights.h5", HdfFuzz::fuzzerTestOneInput,
      "mobilenet_v2_0.35_96_no_top.keras", KerasArchiveFuzz::fuzzerTestOneInput,
      "mobilenet_v2_0.35_float16.pth", PyTorchZipFuzz::fuzzerTestOneInput,
      "mobilenet_v2_0.35_legacy_format.pth", PyTorchLegacyFuzz::fuzzerTestOneInput,
      "mobilenet_v2_0.35.onnx", OnnxFuzz::fuzzerTestOneInput);

  @Test
  void everyTargetTakesAnything() throws IOException {
    for (var target : TARGETS.entrySet()) {
      byte[] sample = Files.readAllBytes(SharedData.require("import-samples/" + target.getKey()));
      target.getValue().accept(sample);
      target.getValue().accept(Arrays.copyOf(sample, sample.length / 2));
      noise(target.getValue());
    }
    noise(NpzFuzz::fuzzerTestOneInput);
    noise(LayersModelFuzz::fuzzerTestOneInput);
    LayersModelFuzz.fuzzerTestOneInput("{\"weightsManifest\": [{}]}".getBytes());
  }

  private static void noise(Consumer<byte[]> target) {
    var random = new Random(4);
    for (int i = 0; i < 100; i++) {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      target.accept(noise);
    }
  }
}
