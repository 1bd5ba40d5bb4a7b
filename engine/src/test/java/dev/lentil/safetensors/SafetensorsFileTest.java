package dev.lentil.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {
  @TempDir
  private Path folder;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("x.safetensors"), bytes);
  }

  /** A file of any header, with as many zero bytes of data as asked for. */
  private Path file(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return file(ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length).put(json).array());
  }

  private static String errorOf(Path path) {
    var error = assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(path).close());
    assertTrue(error.getMessage().startsWith(path + ": "), "names the file: " + error.getMessage());
    return error.getMessage();
  }

  /** Every byte of a file written by hand: what the format is. */
  @Test
  void theBytesOfTheFormat() throws IOException {
    String header = "{\"__metadata__\":{\"k\":\"v\"},"
        + "\"f\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
        + "\"d\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[8,16]},"
        + "\"h\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[16,18]},"
        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[18,20]},"
        + "\"i\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[20,28]},"
        + "\"u\":{\"dtype\":\"U8\",\"shape\":[1,2],\"data_offsets\":[28,30]}} ";
    assertEquals(355, header.length());
    var bytes = ByteBuffer.allocate(8 + 355 + 30);
    bytes.put(new byte[] {0x63, 1, 0, 0, 0, 0, 0, 0}); // 355, little-endian
    bytes.put(header.getBytes(StandardCharsets.US_ASCII));
    bytes.put(new byte[] {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0}); // 1, -2
    bytes.put(new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xe0, 0x3f}); // 0.5
    bytes.put(new byte[] {0x00, 0x3e}); // 1.5 in half precision
    bytes.put(new byte[] {0x20, 0x40}); // 2.5 in bfloat16
    bytes.put(new byte[] {(byte) 0xfe, -1, -1, -1, -1, -1, -1, -1}); // -2
    bytes.put(new byte[] {(byte) 200, 7});
    try (var file = SafetensorsFile.open(file(bytes.array()))) {
      assertEquals(List.of("f", "d", "h", "b", "i", "u"), List.copyOf(file.names()));
      assertEquals(Map.of("k", "v"), file.metadata());
      assertArrayEquals(new float[] {1, -2}, file.tensor("f").floats());
      assertEquals(Shape.of(), file.tensor("d").shape());
      assertArrayEquals(new double[] {0.5}, ((Tensor.F64) file.tensor("d")).doubles());
      assertArrayEquals(new float[] {1.5f}, ((Tensor.F32) file.tensor("h")).floats());
      assertArrayEquals(new float[] {2.5f}, ((Tensor.F32) file.tensor("b")).floats());
      assertArrayEquals(new long[] {-2}, file.longs("i"));
      assertArrayEquals(new byte[] {(byte) 200, 7}, file.bytes("u"));
      assertArrayEquals(new long[] {200, 7}, file.longs("u"));
      assertEquals(List.of(1L, 2L), file.entry("u").shape());
      assertEquals(List.of("f", "d", "h", "b"), List.copyOf(file.tensors("").keySet()));
      assertEquals("there is no tensor 'z'", problem(() -> file.tensor("z"), file));
      assertEquals("tensor 'u' is U8, not floating-point numbers", problem(() -> file.tensor("u"), file));
      assertEquals("tensor 'f' is F32, not bytes", problem(() -> file.bytes("f"), file));
      assertEquals("tensor 'f' is F32, not whole numbers", problem(() -> file.longs("f"), file));
    }
  }

  private static String problem(Runnable action, SafetensorsFile file) {
    return assertThrows(SafetensorsException.class, action::run).getMessage().substring((file.path() + ": ").length());
  }

  @Test
  void halfPrecisionHasSubnormalsAndInfinities() throws IOException {
    String header = "{\"h\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,6]}}";
    Path path = file(header, 6);
    byte[] bytes = Files.readAllBytes(path);
    System.arraycopy(new byte[] {1, 0, 0, 0x7c, 0, (byte) 0xfc}, 0, bytes, bytes.length - 6, 6);
    Files.write(path, bytes);
    try (var file = SafetensorsFile.open(path)) {
      assertArrayEquals(new float[] {0x1p-24f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY},
          file.tensor("h").floats());
    }
  }

  /** Values worked out by hand from the types' tables: largest, smallest, NaN, infinity. */
  @Test
  void floatingPointOfEightBits() throws IOException {
    String header = "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[5],\"data_offsets\":[0,5]},"
        + "\"b\":{\"dtype\":\"F8_E5M2\",\"shape\":[4],\"data_offsets\":[5,9]},"
        + "\"c\":{\"dtype\":\"U16\",\"shape\":[1],\"data_offsets\":[9,11]}}";
    byte[] json = header.getBytes(StandardCharsets.US_ASCII);
    var bytes = ByteBuffer.allocate(8 + json.length + 11).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json)
        .put(new byte[] {0x7e, 1, (byte) 0xb8, 0x7f, 0x40, 0x7b, 1, 0x7c, (byte) 0xbc, -1, -1}).array();
    try (var file = SafetensorsFile.in(Path.of("memory"), MemorySegment.ofArray(bytes))) {
      assertArrayEquals(new float[] {448, 0x1p-9f, -1, Float.NaN, 2}, file.tensor("a").floats());
      assertArrayEquals(new float[] {57344, 0x1p-16f, Float.POSITIVE_INFINITY, -1}, file.tensor("b").floats());
      assertArrayEquals(new long[] {65535}, file.longs("c"));
      assertArrayEquals(new double[] {65535},
          Dtype.U16.decode(Shape.of(1), MemorySegment.ofArray(new byte[] {-1, -1}), ByteOrder.BIG_ENDIAN).doubles());
    }
  }

  /** 2^63 + 1025 lies nearer to 2^63 + 2048 than to 2^63, but its half, rounded first, would be half of 2^63. */
  @Test
  void largeNumbersWithoutSignAreRoundedOnce() {
    var bytes = MemorySegment.ofArray(new long[] {Long.MIN_VALUE + 1025, Long.MIN_VALUE + 1024, -1});
    assertArrayEquals(new double[] {0x1p63 + 2048, 0x1p63, 0x1p64},
        Dtype.U64.decode(Shape.of(3), bytes, ByteOrder.nativeOrder()).doubles());
  }

  @Test
  void aFileThatCannotBeReadIsToldFromADamagedOne() throws IOException {
    Path path = file("{}", 0);
    Thread.currentThread().interrupt();
    try {
      var e = assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(path));
      assertEquals(path + ": cannot be read (the thread was interrupted)", e.getMessage());
      assertInstanceOf(IOException.class, e.getCause());
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void anEmptyTensorIsToldApartOnlyWhenRead() throws IOException {
    try (var file =
        SafetensorsFile.open(file("{\"e\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[0,0]}}", 0))) {
      assertTrue(problem(() -> file.tensor("e"), file).startsWith("tensor 'e' of shape [0, 3] has 0 elements"));
    }
    try (var file =
        SafetensorsFile.open(file("{\"e\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", 0))) {
      assertTrue(file.contains("e"));
      assertFalse(file.contains("f"));
      for (Runnable read : List.<Runnable>of(() -> file.bytes("e"), () -> file.longs("e"))) {
        assertEquals("tensor 'e' of shape [0] has 0 elements; from 1 to 2147483639 can be read", problem(read, file));
      }
    }
  }

  /** All bits set: the largest without sign, -1 with one. */
  @Test
  void wholeNumbersOfEveryWidth() throws IOException {
    var widths = Map.of("U8", 255L, "BOOL", 255L, "U16", 65_535L, "U32", 4_294_967_295L, "U64", -1L, "I8", -1L, "I16",
        -1L, "I32", -1L, "I64", -1L);
    for (var width : widths.entrySet()) {
      int bytes = Dtype.valueOf(width.getKey()).bytes();
      Path path = file("{\"n\":{\"dtype\":\"" + width.getKey() + "\",\"shape\":[2],\"data_offsets\":[0," + 2 * bytes
          + "]}}", 2 * bytes);
      byte[] all = Files.readAllBytes(path);
      Arrays.fill(all, all.length - bytes, all.length, (byte) -1);
      Files.write(path, all);
      try (var file = SafetensorsFile.open(path)) {
        assertArrayEquals(new long[] {0, width.getValue()}, file.longs("n"), width.getKey());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,12]}}|12|tensor 'a' is F32 of shape [2], which needs 8 bytes, but its offsets span 12",
      "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}|8|tensor 'a' ends at byte 0 before it begins at byte 8",
      "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|4|tensor 'a' ends at byte 8 of the data, but only 4 bytes follow",
      "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|8|tensor 'a' begins at byte 4 of the data, leaving a gap after byte 0",
      "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|8|4 bytes after the last tensor belong to none",
      "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}|12|tensor 'b' overlaps tensor 'a'",
      "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|8|the header is damaged: JSON, line 1, column 55: the key \"a\" appears twice",
      "{'a':{'dtype':'F33','shape':[1],'data_offsets':[0,4]}}|4|tensor 'a' has the type F33; known are [F64, F32,",
      "{'a':{'shape':[1],'data_offsets':[0,4]}}|4|tensor 'a' has the type null",
      "{'a':{'dtype':'F32','data_offsets':[0,4]}}|4|tensor 'a' has no list shape",
      "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}}|4|tensor 'a' has -1 in its shape",
      "{'a':{'dtype':'F32','shape':[1.5],'data_offsets':[0,4]}}|4|tensor 'a' has 1.5 in its shape",
      "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0]}}|4|tensor 'a' has 1 data_offsets, not 2",
      "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,4]}}|4|tensor 'a' has a shape [4294967296, 4294967296] beyond all memory",
      "{'a':7}|0|tensor 'a' is not described by a JSON object",
      "{'__metadata__':{'k':1}}|0|the header's __metadata__ entry 'k' is not text",
      "{'__metadata__':[]}|0|the header's __metadata__ is not an object",
      "[]|0|the header is not a JSON object",
      "{'a':|0|the header is damaged: JSON, line 1, column 6"})
  void damagedHeadersEndInOneError(String header, int dataBytes, String expected) throws IOException {
    String error = errorOf(file(header.replace('\'', '"'), dataBytes));
    assertTrue(error.contains(expected), error);
  }

  @Test
  void cutAnywhereIsAnError() throws IOException {
    byte[] whole = Files.readAllBytes(
        file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8));
    var kinds = new ArrayList<String>();
    for (int length = 0; length < whole.length; length++) {
      kinds.add(errorOf(file(Arrays.copyOf(whole, length))));
    }
    assertTrue(kinds.get(7).contains("has 7 bytes, too few for a safetensors file"), kinds.get(7));
    assertTrue(kinds.get(20).contains("but only 12 follow; the file is cut off"), kinds.get(20));
    assertTrue(kinds.getLast().contains("tensor 'a' ends at byte 8 of the data, but only 7 bytes follow"),
        kinds.getLast());
  }

  @Test
  void aMissingFileAFolderAndAPointerAreNamed() throws IOException {
    assertTrue(errorOf(folder.resolve("none.safetensors")).endsWith("there is no such file"));
    assertTrue(errorOf(folder).endsWith("is a folder, not a safetensors file"));
    String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 14\n";
    assertTrue(errorOf(Files.writeString(folder.resolve("pointer"), pointer)).contains("git lfs pull"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hostile_header.safetensors", "hostile_offsets.safetensors"})
  void hostileFilesAreRefusedWithoutAllocating(String name) {
    Path path = SharedData.require("import-samples/" + name);
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> System.out.println(errorOf(path)));
  }

  @Test
  void otherPeoplesFiles() {
    try (var file = SafetensorsFile.open(SharedData.require("import-samples/mobilenet_v2_0.35_bfloat16.safetensors"))) {
      assertEquals(Dtype.BF16, file.entry("features.9.conv.3.weight").dtype());
      assertEquals(Shape.of(144), file.tensor("features.9.conv.1.1.weight").shape());
      assertEquals(1, file.longs("features.0.1.num_batches_tracked").length);
    }
    try (var file = SafetensorsFile.open(SharedData.require("reference/keras_224_features.safetensors"))) {
      assertEquals(8 * 224 * 224 * 3, file.bytes("images_u8_nhwc").length);
      assertEquals("Keras 3.15.1", file.metadata().get("producer"));
    }
  }
}
