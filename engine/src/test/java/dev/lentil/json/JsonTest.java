package dev.lentil.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private enum Colour {
    RED
  }

  private record Top(int label, double probability) {}

  private record Prediction(Path file, List<Top> top, Optional<String> note) {}

  private record Cost(long peakMemoryBytes, Optional<Integer> s) {}

  @Test
  void componentsOfRecordsAreInSnakeCase() {
    assertEquals("{\"peak_memory_bytes\":5,\"s\":null}", Json.compact(new Cost(5, Optional.empty())));
  }

  @Test
  void readsASafetensorsHeader() {
    var header = assertInstanceOf(Map.class, Json.parse("""
        {"__metadata__":{"format":"pt"}, "w": {"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"""));
    assertEquals(List.of("__metadata__", "w"), new ArrayList<>(header.keySet()));
    assertEquals(Map.of("dtype", "F32", "shape", List.of(2L, 3L), "data_offsets", List.of(0L, 24L)), header.get("w"));
  }

  @Test
  void readsEveryKindOfValue() {
    assertEquals(List.of(true, false, JsonNull.NULL, "", List.of(), Map.of()),
        Json.parse(" [true,false , null,\"\",[ ],{ }]\r\n\t"));
    assertEquals("\"\\/\b\f\n\r\té😀 €", Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\\uD83D\\ude00 €\""));
    assertEquals("😀", Json.parse("\"😀\"".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void numbersAreLongWhereTheyAreWrittenAsIntegers() {
    assertEquals(List.of(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE),
        Json.parse("[0,-1,9223372036854775807,-9223372036854775808]"));
    assertEquals(List.of(9.223372036854775808e18, -0.0, 1.0, 1e5, -0.025, 1e22),
        Json.parse("[9223372036854775808,-0,1.0,1E+5,-2.5e-2,1e22]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "[", "[1", "[1,", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",
      "{1:2}", "[1 2]", "1 2", "nul",
      "truE", "NaN", "Infinity", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x1", "\"", "\"\\\"", "\"\\x\"",
      "\"\\u12\"", "\"\\u12g4\"",
      "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\ud800\"", "\"\udc00x\"", "\"a\nb\"", "\"\u0000\"", "'a'",
      "// x\n1", "\ufeff1", "1\u00a0",
      "\"\\u１２３４\"", "1e999", "]", "}", "[}", "{]", "\u0000"})
  void refusesWhatTheStandardDoes(String text) {
    var e = assertThrows(JsonException.class, () -> Json.parse(text));
    assertTrue(e.getMessage().startsWith("JSON, line "), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "{\"a\":1,\"b\":2,\"a\":3}|JSON, line 1, column 14: the key \"a\" appears twice in one object",
      "[1,;2;; x]|JSON, line 3, column 2: expected ']' or ',' in an array, found 'x'",
      "{\"a\" 1}|JSON, line 1, column 6: expected ':' after the key \"a\", found '1'",
      "[1|JSON, line 1, column 3: expected ']' or ',' in an array, found the end of the text"})
  void saysWhatAndWhere(String text, String message) {
    assertEquals(message,
        assertThrows(JsonException.class, () -> Json.parse(text.replace(';', '\n').replace("\n\n", "\n")))
            .getMessage());
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    var e = assertThrows(JsonException.class, () -> Json.parse(new byte[] {'"', 'a', (byte) 0xc0, (byte) 0x80, '"'}));
    assertEquals("JSON is not valid UTF-8 at byte 2", e.getMessage());
  }

  @Test
  void depthIsBounded() {
    int limit = Json.MAX_DEPTH;
    var deepest = "[".repeat(limit) + "]".repeat(limit);
    assertEquals(deepest, Json.compact(Json.parse(deepest)));
    assertThrows(JsonException.class, () -> Json.parse("[".repeat(1_000_000)));
    assertThrows(JsonException.class, () -> Json.parse("{\"a\":".repeat(limit + 1)));
    assertThrows(IllegalArgumentException.class, () -> Json.compact(List.of(Json.parse(deepest))));
  }

  @Test
  void writesCompactAndPretty() {
    var value = new Prediction(Path.of("A.jpg"), List.of(new Top(652, 0.816)), Optional.empty());
    assertEquals("{\"file\":\"A.jpg\",\"top\":[{\"label\":652,\"probability\":0.816}],\"note\":null}",
        Json.compact(value));
    assertEquals("""
        {
          "file": "A.jpg",
          "top": [
            {
              "label": 652,
              "probability": 0.816
            }
          ],
          "note": null
        }""", Json.pretty(value));
    assertEquals("[[1,2],[0.5],[\"RED\"],{},[],true]",
        Json.compact(List.of(new int[] {1, 2}, new float[] {0.5f}, Colour.values(), Map.of(), new String[0], true)));
    assertEquals("[\n  {},\n  []\n]", Json.pretty(List.of(Map.of(), List.of())));
    assertEquals("\"a\\\"\\\\\\n\\u0001\\u007f/é😀\ufffd\"", Json.compact("a\"\\\n\u0001\u007f/é😀\ud800"));
  }

  @Test
  void refusesToWriteWhatJsonCannotHold() {
    for (Object bad : new Object[] {Double.NaN, Float.POSITIVE_INFINITY, null, new Object(), Map.of(List.of(), 1),
        new double[] {Double.NaN}}) {
      assertThrows(IllegalArgumentException.class, () -> Json.compact(bad));
    }
  }

  @Test
  void whatIsWrittenReadsBackTheSame() {
    var random = new SplittableRandom(42);
    for (int i = 0; i < 2_000; i++) {
      var value = randomValue(random, 0);
      assertEquals(value, Json.parse(Json.compact(value)));
      assertEquals(value, Json.parse(Json.pretty(value)));
    }
  }

  @Test
  void damagedTextIsReadOrRefusedButNeverCrashes() {
    var random = new SplittableRandom(7);
    var text = Json.compact(Map.of("a", List.of(1, 2.5e-3, "x\\\n\u0001é", true), "b", Map.of("c", Optional.empty())));
    var pool = "{}[]\",:\\u0e-. \ud800tfn";
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      var damaged = new StringBuilder(text);
      for (int k = random.nextInt(1, 4); k > 0 && !damaged.isEmpty(); k--) {
        int at = random.nextInt(damaged.length());
        switch (random.nextInt(3)) {
          case 0 -> damaged.deleteCharAt(at);
          case 1 -> damaged.setCharAt(at, pool.charAt(random.nextInt(pool.length())));
          default -> damaged.setLength(at + 1);
        }
      }
      try {
        Json.parse(damaged.toString());
      } catch (JsonException _) {
        refused++;
      }
    }
    assertTrue(refused > 10_000, "refused " + refused + " of 20000");
  }

  private static Object randomValue(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth < 4 ? 7 : 5)) {
      case 0 -> random.nextLong() >> random.nextInt(64);
      case 1 -> (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-300, 300));
      case 2 -> random.nextBoolean();
      case 3 -> JsonNull.NULL;
      case 4 -> randomText(random);
      case 5 -> random.ints(random.nextInt(5)).mapToObj(_ -> randomValue(random, depth + 1)).toList();
      default -> {
        var object = new TreeMap<String, Object>();
        for (int k = random.nextInt(5); k > 0; k--) {
          object.put(randomText(random), randomValue(random, depth + 1));
        }
        yield object;
      }
    };
  }

  private static String randomText(SplittableRandom random) {
    var text = new StringBuilder();
    for (int k = random.nextInt(8); k > 0; k--) {
      int c = random.nextInt(4) == 0 ? random.nextInt(0x110000) : random.nextInt(0x80);
      text.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 'x' : c);
    }
    return text.toString();
  }
}
