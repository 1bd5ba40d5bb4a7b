package dev.lentil.weights.pytorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.safetensors.Dtype;
import dev.lentil.weights.store.ByteCursor;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.WeightFileException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles are written here as Python's pickletools would show them; characters are bytes. */
class UnpicklerTest {
  private static final Path FILE = Path.of("x.pkl");

  private static Object read(String pickle) {
    byte[] bytes = pickle.getBytes(StandardCharsets.ISO_8859_1);
    return Unpickler.read(FILE, new ByteCursor(FILE, "the pickle", MemorySegment.ofArray(bytes)));
  }

  private static String errorOf(String pickle) {
    String message = assertThrows(WeightFileException.class, () -> read(pickle)).getMessage();
    assertTrue(message.startsWith("x.pkl: "), message);
    return message;
  }

  @Test
  void numbersAndTextOfEveryProtocol() {
    assertEquals(255L, read("K\u00ff."));
    assertEquals(513L, read("M\u0001\u0002."));
    assertEquals(-2L, read("J\u00fe\u00ff\u00ff\u00ff."));
    assertEquals(-300L, read("\u008a\u0002\u00d4\u00fe."));
    assertEquals(0L, read("\u008a\u0000."));
    assertEquals(1L << 31, read("\u008a\u0005\u0000\u0000\u0000\u0080\u0000."));
    // beyond 64 bits: the legacy format's magic number
    assertEquals("0x1950a86a20f9469cfc6c", read("\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019."));
    assertEquals(-7L, read("I-7\n."));
    assertEquals(7L, read("L7L\n."));
    assertEquals(61.2, read("F61.2\n."));
    assertEquals(1.0, read("G\u003f\u00f0\u0000\u0000\u0000\u0000\u0000\u0000."));
    assertEquals("ab", read("X\u0002\u0000\u0000\u0000ab."));
    assertEquals("ab", read("\u008c\u0002ab."));
    assertEquals("ab", read("\u008d\u0002\u0000\u0000\u0000\u0000\u0000\u0000\u0000ab."));
    assertEquals("ab", read("S'ab'\n."));
    assertEquals("ab", read("S\"ab\"\n."));
    assertEquals("ab", read("Vab\n."));
    // as Python 2 wrote text
    assertEquals("ab", read("U\u0002ab."));
    assertEquals("ab", read("T\u0002\u0000\u0000\u0000ab."));
    assertEquals(true, read("\u0088."));
    assertEquals(Python.NONE, read("N."));
  }

  @Test
  void dictionariesRememberTheirOrder() {
    // {'b': 1, 'a': 2}, once by SETITEMS and once by SETITEM, with the memo in between
    var dict = assertInstanceOf(Python.Dict.class, read("\u0080\u0002}q\u0000(X\u0001\u0000\u0000\u0000bK\u0001"
        + "X\u0001\u0000\u0000\u0000aK\u0002u0h\u0000."));
    assertEquals(List.of("b", "a"), List.copyOf(dict.items.keySet()));
    var ordered = assertInstanceOf(Python.Dict.class, read("ccollections\nOrderedDict\n)RS'k'\nK\u0001s."));
    assertEquals(Map.of("k", 1L), ordered.items);
    // protocol 0 of Python 2: made of a list of pairs
    var pairs = assertInstanceOf(Python.Dict.class, read("ccollections\nOrderedDict\np0\n((lp1\n(lp2\nS'k'\np3\naI1\n"
        + "aatp4\nRp5\n."));
    assertEquals(Map.of("k", 1L), pairs.items);
    // whose missing entries a function makes, and one that counts
    for (String other : List.of("ccollections\ndefaultdict\nc__builtin__\nlist\n\u0085RS'k'\nK\u0001s.",
        "ccollections\nCounter\n}S'k'\nK\u0001s\u0085R.")) {
      assertEquals(Map.of("k", 1L), assertInstanceOf(Python.Dict.class, read(other)).items);
    }
    // protocol 4: the name is on the stack
    assertInstanceOf(Python.Dict.class, read("\u0080\u0004\u008c\u000bcollections\u008c\u000bOrderedDict\u0093)R."));
  }

  @Test
  void aTensorIsAViewOfAStorage() {
    String storage = "(X\u0007\u0000\u0000\u0000storagectorch\nHalfStorage\nX\u0001\u0000\u0000\u00003"
        + "X\u0003\u0000\u0000\u0000cpuK\u0006tQ";
    String tensor = "ctorch._utils\n_rebuild_tensor_v2\n(" + storage + "K\u0001K\u0002\u0085K\u0003\u0085\u0089}tR";
    var half = new Known.ElementType("float16", 2, Optional.of(Dtype.F16));
    var view = new Python.TensorView(half, new Python.Storage(half, "3", 6), 1, List.of(2L), List.of(3L));
    assertEquals(view, read(tensor + "."));
    assertEquals(view, read("ctorch._utils\n_rebuild_parameter\n" + tensor + "\u0088}\u0087R."));
    // with attributes of its own
    assertEquals(view, read("ctorch._utils\n_rebuild_parameter_with_state\n(" + tensor + "\u0088}}tR."));
    assertEquals(view,
        read("ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v2\nctorch\nTensor\n("
            + storage + "K\u0001K\u0002\u0085K\u0003\u0085\u0089}t}tR."));
    // with marks, of which one turns the sign
    String marked = tensor.substring(0, tensor.length() - 2);
    assertEquals(view, read(marked + "}S'neg'\n\u0089stR."));
    var negated = assertInstanceOf(Python.TensorView.class, read(marked + "}S'neg'\n\u0088stR."));
    assertEquals("float16 with its negative bit set", negated.type().name());
    assertEquals(Optional.empty(), negated.type().dtype());
  }

  /** PyTorch's younger types lie in storages of bytes. */
  @Test
  void aTensorsTypeMayStandBesideItsStorage() {
    String storage = "(S'storage'\nctorch.storage\nUntypedStorage\nS'1'\nS'cpu'\nK\u0006tQ";
    String tensor = "ctorch._utils\n_rebuild_tensor_v3\n(" + storage + "K\u0000K\u0003\u0085K\u0001\u0085\u0089}";
    var view = assertInstanceOf(Python.TensorView.class, read(tensor + "ctorch\nuint16\ntR."));
    assertEquals(Optional.of(Dtype.U16), view.type().dtype());
    assertEquals(List.of(3L), view.shape());
    StoredTensor whole =
        view.stored(FILE, "x", MemorySegment.ofArray(new byte[] {1, 0, 2, 0, 0, 1}), ByteOrder.LITTLE_ENDIAN);
    assertArrayEquals(new double[] {1, 2, 256}, whole.read().doubles());
    var negated = assertInstanceOf(Python.TensorView.class, read(tensor + "ctorch\nuint16\n}S'neg'\n\u0088stR."));
    assertEquals(Optional.empty(), negated.type().dtype());
    view = assertInstanceOf(Python.TensorView.class, read(tensor + "ctorch\ncomplex32\ntR."));
    StoredTensor complex = view.stored(FILE, "x", MemorySegment.ofArray(new byte[12]), ByteOrder.LITTLE_ENDIAN);
    assertEquals("x complex32[3]", complex.toString());
    assertEquals("x.pkl: the tensor 'x' is of the type complex32, which is not read; store it as float32",
        assertThrows(WeightFileException.class, complex::read).getMessage());
    assertTrue(errorOf(tensor + "tR.").contains("a tensor without the type of its elements"));
  }

  @Test
  void whatWasMadeBeforeIsRemembered() {
    // under the number it is put by, or, since protocol 4, the next
    for (String pickle : List.of("S'a'\np0\nS'b'\np700\n0g700\n.", "U\u0001aq\u0000U\u0001bq\u00010h\u0001.",
        "U\u0001aq\u0000U\u0001br\u0001\u0002\u0000\u00000j\u0001\u0002\u0000\u0000.",
        "\u008c\u0001a\u0094\u008c\u0001b\u00940h\u0001.")) {
      assertEquals("b", read(pickle), pickle);
    }
  }

  /** Bytes, which scores and random states are made of, are skipped. */
  @ParameterizedTest
  @ValueSource(strings = {"C\u0002ab.", "B\u0002\u0000\u0000\u0000ab.",
      "\u008e\u0002\u0000\u0000\u0000\u0000\u0000\u0000\u0000ab."})
  void bytesAreInert(String pickle) {
    assertInstanceOf(Known.Inert.class, read(pickle));
  }

  /** Whatever is not in the table ends the reading before anything could be called. */
  @ParameterizedTest
  @ValueSource(strings = {"cos\nsystem\nS'x'\n\u0085R.", "cposix\nsystem\n.", "cbuiltins\neval\n.",
      "cbuiltins\ngetattr\n.", "c__main__\nModel\n.", "ctorch.hub\nload\n.", "cdev.lentil\nMain\n.",
      "\u008c\u0002os\u008c\u0006system\u0093."})
  void unknownNamesAreRefused(String pickle) {
    assertTrue(errorOf(pickle).contains("which is not among those of a state dict; nothing was run"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "K", "t.", "0.", "(.", "h\u0005.", "X\u00ff\u00ff\u00ff\u007fab.", "}K\u0001s.",
      "]K\u0001K\u0002s.", "K\u0001K\u0002a.", "K\u0001)R.", "ctorch\nFloatStorage\n)R.", "K\u0001Q.", "io\n.", "I7",
      "\u0093.", "ctorch._tensor\n_rebuild_from_type_v2\n)R.",
      "ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._tensor\n_rebuild_from_type_v2\nctorch\nTensor\n)tR.",
      "(K\u0001K\u0002K\u0003d.", "\u008b\u00ff\u00ff\u00ff\u00ff.", "~."})
  void damageIsOneError(String pickle) {
    assertTrue(errorOf(pickle).contains("the pickle is "), pickle);
  }

  /** A tuple that holds the one before twice, forty times: 2^40 elements for what would walk or print them all. */
  @Test
  void nestingCostsNothing() {
    String doubled = "K\u0001\u0085" + "2\u0086".repeat(40);
    assertTrue(StateDict.of(read(doubled + ".")).tensors().isEmpty());
    // as a key, whose hash must not be calculated from its parts
    assertTrue(StateDict.of(read("}" + doubled + "K\u0001s.")).tensors().isEmpty());
    // as a name
    errorOf(doubled + "2\u0093.");
    // dictionaries in dictionaries, of which the deepest holds a number
    assertTrue(
        StateDict.of(read("}K\u0001".repeat(100_000) + "K\u0001" + "s".repeat(100_000) + ".")).facts().isEmpty());
    // a list in itself
    assertTrue(StateDict.of(read("]q\u0000h\u0000a.")).tensors().isEmpty());
    assertTrue(StateDict.of(read("]q\u0000" + "]h\u0000a".repeat(2) + "q\u0000".repeat(1) + ".")).tensors().isEmpty());
  }

  @Test
  void endlessPicklesEnd() {
    assertTrue(errorOf("N".repeat(Unpickler.MAX_OPCODES + 1)).contains("more than 1000000 operations"));
  }

  @Test
  void aCheckpointsOtherContentsAreFacts() {
    StateDict found = StateDict.of(read("}(S'epoch'\nK\u0007S'args'\ncargparse\nNamespace\n)\u0081}S'lr'\nG"
        + "\u003f\u00f0\u0000\u0000\u0000\u0000\u0000\u0000sbu."));
    assertEquals(Map.of("epoch", "7"), found.facts());
    // in lists and tuples too, by their position; a text that is no word is left out
    found =
        StateDict.of(read("}(S'best'\n\u0088S'scores'\n](F0.5\nK\u0002eS'betas'\nK\u0003K\u0004\u0086S'arch'\nS'm'\n"
            + "S'log'\nV" + "x".repeat(1000) + "\nu."));
    assertEquals(
        Map.of("best", "true", "scores.0", "0.5", "scores.1", "2", "betas.0", "3", "betas.1", "4", "arch", "m"),
        found.facts());
  }
}
