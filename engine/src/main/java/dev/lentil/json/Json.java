package dev.lentil.json;

import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * JSON text to plain Java values and back (RFC 8259).
 *
 * <table>
 *   <caption>What a JSON value becomes</caption>
 *   <tr><td>object</td><td>{@link java.util.LinkedHashMap}{@code <String, Object>}, in the order of the text</td></tr>
 *   <tr><td>array</td><td>{@link java.util.List}{@code <Object>}</td></tr>
 *   <tr><td>string</td><td>{@link String}</td></tr>
 *   <tr><td>number</td><td>{@link Long} when written without fraction and exponent and in its range, else
 *     {@link Double}</td></tr>
 *   <tr><td>true, false</td><td>{@link Boolean}</td></tr>
 *   <tr><td>null</td><td>{@link JsonNull#NULL}</td></tr>
 * </table>
 *
 * <p>Reading is strict: no comments, no trailing commas, no byte order mark, no repeated key, no unpaired surrogate,
 * nothing after the value, at most {@value #MAX_DEPTH} levels of nesting. Anything else is a {@link JsonException} that
 * says where.
 */
public final class Json {
  /** The deepest nesting of arrays and objects that is read or written. */
  public static final int MAX_DEPTH = 128;

  private Json() {}

  /**
   * Reads one JSON value.
   *
   * @throws JsonException when the text is not exactly one JSON value
   */
  public static Object parse(String text) {
    return new JsonParser(text).document();
  }

  /**
   * Reads one JSON value from UTF-8 bytes.
   *
   * @throws JsonException when the bytes are not UTF-8 or not exactly one JSON value
   */
  public static Object parse(byte[] utf8) {
    var decoder = StandardCharsets.UTF_8.newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
    var input = ByteBuffer.wrap(utf8);
    try {
      return parse(decoder.decode(input).toString());
    } catch (CharacterCodingException e) {
      throw new JsonException("JSON is not valid UTF-8 at byte " + input.position(), e);
    }
  }

  /**
   * Writes a value on one line, without spaces.
   *
   * <p>Besides what {@link #parse(String)} returns, it takes any {@link java.util.Map} with text keys, any {@link Iterable},
   * arrays, records (an object of their components, {@link #name named} in snake case), {@link java.util.Optional} (empty is
   * null), enum constants and paths (their text).
   *
   * @throws IllegalArgumentException for a number that is not finite, for {@code null}, and for any other type
   */
  public static String compact(Object value) {
    return new JsonWriter(JsonWriter.Layout.COMPACT).document(value);
  }

  /**
   * Writes a value over several lines, two spaces a level, for people to read; otherwise as {@link #compact(Object)}.
   */
  public static String pretty(Object value) {
    return new JsonWriter(JsonWriter.Layout.PRETTY).document(value);
  }

  /** What a record's component is called in JSON: {@code peakMemoryBytes} there is {@code peak_memory_bytes}. */
  public static String name(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
