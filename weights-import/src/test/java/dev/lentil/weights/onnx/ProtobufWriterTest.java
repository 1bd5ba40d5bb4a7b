package dev.lentil.weights.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The examples of protobuf.dev, "Encoding", and the ends of the number ranges. */
class ProtobufWriterTest {
  private static String hex(ProtobufWriter writer) {
    return HexFormat.ofDelimiter(" ").formatHex(writer.toByteArray());
  }

  @Test
  void integersAreVarints() {
    assertEquals("08 96 01", hex(new ProtobufWriter().integer(1, 150)));
    assertEquals("08 00", hex(new ProtobufWriter().integer(1, 0)));
    assertEquals("08 7f", hex(new ProtobufWriter().integer(1, 127)));
    assertEquals("08 80 01", hex(new ProtobufWriter().integer(1, 128)));
    assertEquals("08 fe ff ff ff ff ff ff ff ff 01", hex(new ProtobufWriter().integer(1, -2)));
    assertEquals("08 ff ff ff ff ff ff ff ff 7f", hex(new ProtobufWriter().integer(1, Long.MAX_VALUE)));
  }

  @Test
  void fieldsAbove15HaveALongerTag() {
    assertEquals("a0 01 02", hex(new ProtobufWriter().integer(20, 2)));
  }

  @Test
  void textAndMessagesAreLengthDelimited() {
    assertEquals("12 07 74 65 73 74 69 6e 67", hex(new ProtobufWriter().text(2, "testing")));
    assertEquals("12 02 c3 a4", hex(new ProtobufWriter().text(2, "ä")));
    assertEquals("1a 03 08 96 01", hex(new ProtobufWriter().message(3, new ProtobufWriter().integer(1, 150))));
  }

  @Test
  void realsAreFourBytesFromTheLowest() {
    assertEquals("15 00 00 80 3f", hex(new ProtobufWriter().real(2, 1)));
    assertEquals("15 00 00 00 c0", hex(new ProtobufWriter().real(2, -2)));
  }
}
