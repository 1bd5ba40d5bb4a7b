package dev.lentil.weights.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads bytes from front to back; what lies beyond the end is a {@link WeightFileException}, and no length from the file
 * is believed before it is compared with what is left. Numbers are little-endian.
 */
public final class ByteCursor {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final String what;
  private final MemorySegment bytes;
  private long at;

  /**
   * @param what for messages: "the zip directory"
   */
  public ByteCursor(Path file, String what, MemorySegment bytes) {
    this.file = file;
    this.what = what;
    this.bytes = bytes;
  }

  /** The position of the next byte. */
  public long position() {
    return at;
  }

  public void position(long position) {
    if (position < 0 || position > bytes.byteSize()) {
      throw cutOff(position);
    }
    at = position;
  }

  public long remaining() {
    return bytes.byteSize() - at;
  }

  public int u8() {
    return bytes.get(ValueLayout.JAVA_BYTE, advance(1)) & 0xFF;
  }

  public int u16() {
    return bytes.get(SHORT, advance(2)) & 0xFFFF;
  }

  public int i32() {
    return bytes.get(INT, advance(4));
  }

  public long u32() {
    return i32() & 0xFFFF_FFFFL;
  }

  public long i64() {
    return bytes.get(LONG, advance(8));
  }

  /** The next bytes, not copied. */
  public MemorySegment slice(long length) {
    return bytes.asSlice(advance(length), length);
  }

  /** The next bytes as UTF-8; what is not UTF-8 becomes U+FFFD. */
  public String text(long length) {
    return new String(slice(length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** The text up to the next line break, which is skipped. */
  public String line() {
    long end = at;
    while (end < bytes.byteSize() && bytes.get(ValueLayout.JAVA_BYTE, end) != '\n') {
      end++;
    }
    String line = text(end - at);
    advance(1);
    return line;
  }

  /** An error at the current position. */
  public WeightFileException error(String problem) {
    return new WeightFileException(file, what + " is damaged at byte " + at + ": " + problem + "; get the file again");
  }

  private long advance(long length) {
    if (length < 0 || length > remaining()) {
      throw cutOff(length);
    }
    long from = at;
    at += length;
    return from;
  }

  private WeightFileException cutOff(long wanted) {
    return new WeightFileException(file, what + " is cut off: " + wanted + " bytes are announced at byte " + at
        + ", of which " + remaining() + " are there; get the file again");
  }
}
