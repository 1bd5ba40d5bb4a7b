package dev.lentil.weights.pytorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.weights.store.TensorTable;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files are written here as Python's pickletools would show them; characters are bytes. */
class PyTorchLegacyTest {
  private static final Path FILE = Path.of("x.pth");
  private static final String MAGIC = "\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019.";
  private static final String FRAMED = "\u0095\r\u0000\u0000\u0000\u0000\u0000\u0000\u0000" + MAGIC;

  private static MemorySegment bytes(String text) {
    return MemorySegment.ofArray(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** {@code {'w': torch.tensor([1.0, 2.0])}} and, in bytes, a complex number. */
  private static String file(String magic) {
    return magic + "M\u00e9\u0003." + "}S'little_endian'\n\u0088s." + "}S'w'\nctorch._utils\n_rebuild_tensor_v2\n("
        + "(S'storage'\nctorch\nFloatStorage\nS'7'\nS'cpu'\nK\u0002NtQK\u0000K\u0002\u0085K\u0001\u0085\u0089}tRs"
        + "S'c'\nctorch._utils\n_rebuild_tensor_v2\n("
        + "(S'storage'\nctorch\nComplexFloatStorage\nS'8'\nS'cpu'\nK\u0001NtQK\u0000))\u0089}tRs."
        + "](S'8'\nS'7'\ne." + "\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0000" + "cccccccc"
        + "\u0002\u0000\u0000\u0000\u0000\u0000\u0000\u0000" + "\u0000\u0000\u0080?\u0000\u0000\u0000@";
  }

  /** With {@code pickle_protocol=} 2, which is the default, to 5. */
  @ParameterizedTest
  @ValueSource(
      strings = {"\u0080\u0002" + MAGIC, "\u0080\u0003" + MAGIC, "\u0080\u0004" + FRAMED, "\u0080\u0005" + FRAMED})
  void everyProtocolIsRead(String magic) {
    MemorySegment bytes = bytes(file(magic));
    assertTrue(PyTorchLegacy.matches(bytes));
    TensorTable table = PyTorchLegacy.read(FILE, bytes);
    assertArrayEquals(new float[] {1, 2}, table.tensors().get("w").read().floats());
    assertEquals("c complex64[]", table.tensors().get("c").toString());
  }

  @Test
  void otherPicklesAreNotOfThisFormat() {
    for (String other : new String[] {"", "\u0080", "\u0080\u0002", "\u0080\u0004\u0095",
        "\u0080\u0002}q\u0000.aaaaaaaaaaa",
        "\u0080\u0002" + MAGIC.substring(0, 9), "\u0080\u0004" + FRAMED.substring(0, 12)}) {
      assertFalse(PyTorchLegacy.matches(bytes(other)), other);
    }
  }
}
