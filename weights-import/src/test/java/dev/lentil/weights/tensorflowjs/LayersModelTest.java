package dev.lentil.weights.tensorflowjs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.weights.TensorFile;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.WeightFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayersModelTest {
  private static final String MODEL = """
      {"format": "layers-model", "generatedBy": "keras v2.4.0", "modelTopology": {"model_config":
        {"class_name": "BatchNormalization", "config": {"epsilon": 0.001, "momentum": 0.999}}},
       "weightsManifest": [{"paths": ["a.bin", "b.bin"], "weights": [
         {"name": "Conv1/kernel", "shape": [2], "dtype": "float32"},
         {"name": "half", "shape": [1], "dtype": "float32", "quantization": {"dtype": "float16", "original_dtype":
           "float32"}},
         {"name": "byte", "shape": [1, 2], "dtype": "float32", "quantization": {"dtype": "uint8", "scale": 0.5, "min":
           -1.0}}]}]}""";

  @TempDir
  private Path folder;

  /** The second weight's bytes are cut across the two files. */
  @BeforeEach
  void values() throws IOException {
    Files.write(folder.resolve("a.bin"), new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0, 0});
    Files.write(folder.resolve("b.bin"), new byte[] {0x3e, 3, (byte) 255});
  }

  @Test
  void weightsFollowEachOtherAcrossFiles() throws IOException {
    Files.writeString(folder.resolve("model.json"), MODEL);
    for (Path path : new Path[] {folder, folder.resolve("model.json")}) {
      try (var file = TensorFile.open(path)) {
        assertEquals(FileFormat.TENSORFLOW_JS, file.format());
        assertEquals(Map.of("bn_epsilon", "0.001", "bn_momentum", "0.999", "producer", "keras v2.4.0"),
            file.metadata());
        assertArrayEquals(new float[] {1, -2}, file.read("Conv1/kernel").floats());
        assertArrayEquals(new float[] {1.5f}, file.read("half").floats());
        assertArrayEquals(new float[] {0.5f, 126.5f}, file.read("byte").floats());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"\"shape\": [2]|\"shape\": [3]|needs more bytes than are left",
      "\"shape\": [1, 2]|\"shape\": [1, 1]|1 bytes belong to no weight",
      "\"shape\": [2]|\"shape\": [-2]|negative extent", "\"shape\": [2]|\"shape\": [2.5]|has the extent 2.5",
      "\"b.bin\"|\"a.bin\"|names the file 'a.bin' twice", "\"b.bin\"|\"../b.bin\"|not inside its own folder",
      "\"b.bin\"|\"c.bin\"|there is no such weight file", "\"uint8\"|\"complex64\"|is of the type complex64",
      "\"scale\"|\"skale\"|quantised without scale", "layers-model|graph-model|a graph model",
      "{\"paths\"|{\"path\"|has no paths"})
  void damageIsOneError(String what, String by, String problem) throws IOException {
    assertTrue(MODEL.contains(what));
    Path model = Files.writeString(folder.resolve("model.json"), MODEL.replace(what, by));
    String message = assertThrows(WeightFileException.class, () -> TensorFile.open(model).close()).getMessage();
    assertTrue(message.startsWith(folder.toString()) && message.contains(problem), message);
  }
}
