package dev.lentil.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  @TempDir
  private Path folder;

  @Test
  void theBytesOfASmallFile() throws IOException {
    Path path = folder.resolve("deep/small.safetensors");
    SafetensorsWriter.write(path, Map.of("a", Tensor.of(Shape.of(1), 1f)), Map.of());
    String json = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}  ";
    assertEquals(0, json.length() % 8);
    byte[] bytes = Files.readAllBytes(path);
    assertArrayEquals(new byte[] {(byte) json.length(), 0, 0, 0, 0, 0, 0, 0}, Arrays.copyOf(bytes, 8));
    assertEquals(json, new String(bytes, 8, json.length(), StandardCharsets.US_ASCII));
    assertArrayEquals(new byte[] {0, 0, (byte) 0x80, 0x3f}, Arrays.copyOfRange(bytes, 8 + json.length(), bytes.length));
  }

  @Test
  void whatIsWrittenIsReadBackBitForBit() {
    // more than one chunk of each type, and values that only survive if no bit is touched
    float[] floats = new float[40_001];
    double[] doubles = new double[20_003];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.intBitsToFloat(i * 0x9E3779B1 & 0xBFFFFFFF);
    }
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = Math.sin(i) * Math.pow(2, i % 600 - 300);
    }
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("z/kernel", Tensor.of(Shape.of(1, floats.length), floats));
    tensors.put("block \"1\"/\u00e9", Tensor.of(Shape.of(doubles.length), doubles));
    tensors.put("scalar", Tensor.of(Shape.of(), -0.0));
    var metadata = Map.of("format", "lentil", "note", "line\nbreak");
    Path path = folder.resolve("x.safetensors");
    SafetensorsWriter.write(path, tensors, metadata);
    try (var file = SafetensorsFile.open(path)) {
      assertEquals(metadata, file.metadata());
      assertEquals(List.of("block \"1\"/\u00e9", "scalar", "z/kernel"), List.copyOf(file.names()));
      tensors.forEach((name, tensor) -> {
        assertEquals(tensor.shape(), file.tensor(name).shape());
        assertEquals(tensor.getClass(), file.tensor(name).getClass());
        assertArrayEquals(bits(tensor), bits(file.tensor(name)), name);
      });
    }
  }

  private static long[] bits(Tensor tensor) {
    return switch (tensor) {
      case Tensor.F32 t -> {
        var bits = new long[t.floats().length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(t.floats()[i]));
        yield bits;
      }
      case Tensor.F64 t -> Arrays.stream(t.doubles()).mapToLong(Double::doubleToRawLongBits).toArray();
    };
  }

  @Test
  void theBytesDependOnTheContentAlone() throws IOException {
    var one = new LinkedHashMap<String, Tensor>();
    one.put("b", Tensor.of(Shape.of(3), 1f, 2f, 3f));
    one.put("a", Tensor.of(Shape.of(1), 4.0));
    var other = new LinkedHashMap<String, Tensor>();
    other.put("a", Tensor.of(Shape.of(1), 4.0));
    other.put("b", Tensor.of(Shape.of(3), 1f, 2f, 3f));
    var metadata = new LinkedHashMap<>(Map.of("x", "1"));
    metadata.put("a", "2");
    SafetensorsWriter.write(folder.resolve("1"), one, metadata);
    SafetensorsWriter.write(folder.resolve("2"), other, Map.of("a", "2", "x", "1"));
    assertArrayEquals(Files.readAllBytes(folder.resolve("1")), Files.readAllBytes(folder.resolve("2")));
  }

  @Test
  void aTensorMayNotHaveTheNameOfTheMetadata() {
    Path path = folder.resolve("x.safetensors");
    var e = assertThrows(SafetensorsException.class, () -> SafetensorsWriter.write(path,
        Map.of("__metadata__", Tensor.of(Shape.of(1), 1f)), Map.of("format", "lentil")));
    assertTrue(e.getMessage().startsWith(path + ": a tensor cannot be called __metadata__"), e.getMessage());
    assertFalse(Files.exists(path));
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNoRemains() throws IOException {
    Path path = folder.resolve("taken");
    Files.createDirectories(path.resolve("inside"));
    var error = assertThrows(SafetensorsException.class,
        () -> SafetensorsWriter.write(path, Map.of("a", Tensor.of(Shape.of(1), 1f)), Map.of()));
    assertTrue(error.getMessage().startsWith(path + ": cannot be written"), error.getMessage());
    try (var files = Files.list(folder)) {
      assertEquals(List.of(path), files.toList());
    }
  }
}
