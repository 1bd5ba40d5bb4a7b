package dev.lentil.weights.pytorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.safetensors.Dtype;
import dev.lentil.weights.store.ByteCursor;
import dev.lentil.weights.store.WeightFileException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
    assertEquals(-7L, read("I-7\n."));
    assertEquals(7L, read("L7L\n."));
    assertEquals(61.2, read("F61.2\n."));
    assertEquals(1.0, read("G\u003f\u00f0\u0000\u0000\u0000\u0000\u0000\u0000."));
    assertEquals("ab", read("X\u0002\u0000\u0000\u0000ab."));
    assertEquals("ab", read("\u008c\u0002ab."));
    assertEquals("ab", read("S'ab'\n."));
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
    // protocol 4: the name is on the stack
    assertInstanceOf(Python.Dict.class, read("\u0080\u0004\u008c\u000bcollections\u008c\u000bOrderedDict\u0093)R."));
  }

  @Test
  void aTensorIsAViewOfAStorage() {
    String storage = "(X\u0007\u0000\u0000\u0000storagectorch\nHalfStorage\nX\u0001\u0000\u0000\u00003"
        + "X\u0003\u0000\u0000\u0000cpuK\u0006tQ";
    var view = assertInstanceOf(Python.TensorView.class,
        read("ctorch._utils\n_rebuild_tensor_v2\n(" + storage + "K\u0001K\u0002\u0085K\u0003\u0085\u0089}tR."));
    assertEquals(new Python.TensorView(new Python.Storage(Dtype.F16, "3", 6), 1, List.of(2L), List.of(3L)), view);
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
      "]K\u0001K\u0002s.", "K\u0001K\u0002a.", "K\u0001)R.", "ctorch\nFloatStorage\n)R.", "K\u0001Q.", "io\n.",
      "\u0093.", "(K\u0001K\u0002K\u0003d.", "\u008b\u00ff\u00ff\u00ff\u00ff.", "~."})
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
  }
}
