package dev.lentil.weights.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.safetensors.SafetensorsWriter;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.weights.TensorFile;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.WeightFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsReaderTest {
  private static final String INDEX = "model.safetensors.index.json";

  @TempDir
  private Path folder;

  private void shard(String name, String tensor, float... values) {
    SafetensorsWriter.write(folder.resolve(name), Map.of(tensor, Tensor.of(Shape.of(values.length), values)),
        Map.of("format", "pt"));
  }

  @Test
  void valuesAndMetadata() {
    SafetensorsWriter.write(folder.resolve("a"), Map.of("f", Tensor.of(Shape.of(2), 1f, 2f), "d",
        Tensor.of(Shape.of(1), 3.0)), Map.of("k", "v"));
    try (var file = TensorFile.open(folder.resolve("a"))) {
      assertEquals(FileFormat.SAFETENSORS, file.format());
      assertEquals(Map.of("k", "v"), file.metadata());
      assertEquals(List.of("d F64[1]", "f F32[2]"), file.tensors().values().stream().map(Object::toString).toList());
      assertArrayEquals(new float[] {1, 2}, file.read("f").floats());
      assertArrayEquals(new double[] {3}, file.read("d").doubles());
      assertThrows(WeightFileException.class, () -> file.read("none"));
    }
  }

  @Test
  void aClosedFileIsNotRead() {
    shard("a", "t", 1);
    var file = TensorFile.open(folder.resolve("a"));
    file.close();
    assertThrows(IllegalStateException.class, () -> file.read("t"));
  }

  @Test
  void aCutOffFileSaysSoUnderAnyName() throws IOException {
    shard("a", "t", 1, 2);
    byte[] whole = Files.readAllBytes(folder.resolve("a"));
    Path cut = Files.write(folder.resolve("a"), Arrays.copyOf(whole, whole.length - 1));
    String message = assertThrows(WeightFileException.class, () -> TensorFile.open(cut)).getMessage();
    assertTrue(message.startsWith(cut + ": ") && message.contains("only 7 bytes"), message);
  }

  @Test
  void aFolderIsReadByTheFileOfTheUsualName() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    String empty = assertThrows(WeightFileException.class, () -> TensorFile.open(folder)).getMessage();
    assertTrue(empty.contains("nor model.safetensors.index.json nor model.safetensors; it begins with 'config.json'"),
        empty);
    shard("model.safetensors", "a", 1, 2);
    try (var file = TensorFile.open(folder)) {
      assertEquals(FileFormat.SAFETENSORS, file.format());
      assertArrayEquals(new float[] {1, 2}, file.read("a").floats());
    }
  }

  @Test
  void shards() throws IOException {
    shard("model-1.safetensors", "a", 1, 2);
    shard("model-2.safetensors", "b", 3);
    Files.writeString(folder.resolve(INDEX),
        "{\"weight_map\": {\"a\": \"model-1.safetensors\", \"b\": \"model-2.safetensors\"}}");
    try (var file = TensorFile.open(folder)) {
      assertEquals(FileFormat.SAFETENSORS_SHARDED, file.format());
      assertArrayEquals(new float[] {1, 2}, file.read("a").floats());
      assertArrayEquals(new float[] {3}, file.read("b").floats());
    }
    for (var wrong : Map.of("\"../x\"", "not inside its own folder", "\"model-1.safetensors\"", "is not in the file",
        "7", "gives 7 for a file name", "\"none\"", "no such weight file").entrySet()) {
      Files.writeString(folder.resolve(INDEX),
          "{\"weight_map\": {\"a\": \"model-1.safetensors\", \"b\": " + wrong.getKey() + "}}");
      String message = assertThrows(WeightFileException.class, () -> TensorFile.open(folder).close()).getMessage();
      assertTrue(message.contains(wrong.getValue()), message);
    }
  }
}
