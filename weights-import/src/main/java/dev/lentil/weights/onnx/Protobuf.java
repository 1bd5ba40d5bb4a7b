package dev.lentil.weights.onnx;

import dev.lentil.weights.store.ByteCursor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of Protocol Buffers, field by field, without its schema. Source: protobuf.dev, "Encoding".
 *
 * {@snippet :
 * var message = new Protobuf(file, "the model", bytes);
 * while (message.next()) {
 *   switch (message.field()) {
 *     case 1 -> version = message.whole();
 *     default -> {}
 *   }
 * }
 * }
 */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;
  private static final MemorySegment NONE = MemorySegment.ofArray(new byte[0]);

  private final Path file;
  private final String what;
  private final ByteCursor in;
  private int field;
  private int wire;
  private long number;
  private MemorySegment payload = NONE;

  /**
   * @param what for messages
   */
  Protobuf(Path file, String what, MemorySegment bytes) {
    this.file = file;
    this.what = what;
    this.in = new ByteCursor(file, what, bytes);
  }

  /** Goes to the next field; false at the end. */
  boolean next() {
    if (in.remaining() == 0) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    wire = (int) (tag & 7);
    payload = NONE;
    switch (wire) {
      case VARINT -> number = varint();
      case FIXED_64 -> number = in.i64();
      case FIXED_32 -> number = in.i32();
      case BYTES -> payload = in.slice(varint());
      default -> throw in.error("a field of the wire type " + wire);
    }
    if (field <= 0) {
      throw in.error("a field with the number " + field);
    }
    return true;
  }

  /** The current field's number in the schema. */
  int field() {
    return field;
  }

  long whole() {
    require(VARINT);
    return number;
  }

  float real() {
    require(FIXED_32);
    return Float.intBitsToFloat((int) number);
  }

  MemorySegment bytes() {
    require(BYTES);
    return payload;
  }

  String text() {
    require(BYTES);
    return new String(payload.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** The message in the current field. */
  Protobuf message(String name) {
    return new Protobuf(file, name, bytes());
  }

  /** The current field's whole numbers: one, or several packed into one field. */
  List<Long> wholes() {
    if (wire == VARINT) {
      return List.of(number);
    }
    var packed = new Protobuf(file, what, bytes());
    var numbers = new ArrayList<Long>();
    while (packed.in.remaining() > 0) {
      numbers.add(packed.varint());
    }
    return numbers;
  }

  /** The current field's fixed-width numbers as bytes, one or several packed. */
  MemorySegment fixed() {
    return switch (wire) {
      case FIXED_32 -> MemorySegment.ofArray(new int[] {(int) number});
      case FIXED_64 -> MemorySegment.ofArray(new long[] {number});
      default -> bytes();
    };
  }

  private void require(int expected) {
    if (wire != expected) {
      throw in.error("the field " + field + " has the wire type " + wire + ", not " + expected);
    }
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = in.u8();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw in.error("a number of more than 10 bytes");
  }
}
