package dev.lentil.weights.pytorch;

import dev.lentil.weights.store.ByteCursor;
import dev.lentil.weights.store.WeightFileException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a pickle, a program for a small stack machine, as data. Names are looked up in {@link Known} alone; no class is
 * loaded, nothing is called. Source: CPython's Lib/pickletools.py, which describes every opcode; protocols 0 to 5 but for
 * what needs code or a second stream (INST, OBJ, NEWOBJ_EX, EXT, buffers).
 */
final class Unpickler {
  /** The most opcodes that are read; a checkpoint with an optimiser's memory has tens of thousands. */
  static final int MAX_OPCODES = 1_000_000;

  private static final Object MARK = new Object();

  private final Path file;
  private final ByteCursor in;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();

  private Unpickler(Path file, ByteCursor in) {
    this.file = file;
    this.in = in;
  }

  /**
   * Reads one pickle.
   *
   * @param in stands behind the pickle afterwards
   * @throws WeightFileException if it is damaged, or uses a name that is not known
   */
  static Object read(Path file, ByteCursor in) {
    var machine = new Unpickler(file, in);
    for (int i = 0; i < MAX_OPCODES; i++) {
      int opcode = in.u8();
      if (opcode == '.') {
        return machine.pop();
      }
      machine.step(opcode);
    }
    throw in.error("more than " + MAX_OPCODES + " operations");
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x80 -> in.u8(); // PROTO
      case 0x95 -> in.i64(); // FRAME: only a hint for buffering
      case '(' -> stack.add(MARK);
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> stack.add(peek());
      case 'N' -> stack.add(Python.NONE);
      case 0x88 -> stack.add(true);
      case 0x89 -> stack.add(false);
      case 'K' -> stack.add((long) in.u8());
      case 'M' -> stack.add((long) in.u16());
      case 'J' -> stack.add((long) in.i32());
      case 0x8a -> stack.add(whole(in.u8())); // LONG1
      case 0x8b -> stack.add(whole(in.u32())); // LONG4
      case 'I', 'L' -> stack.add(decimal(in.line()));
      case 'F' -> stack.add(fraction(in.line()));
      case 'G' -> stack.add(bigEndianDouble());
      case 'X' -> stack.add(in.text(in.u32()));
      case 0x8c -> stack.add(in.text(in.u8())); // SHORT_BINUNICODE
      case 0x8d -> stack.add(in.text(in.i64())); // BINUNICODE8
      case 'V' -> stack.add(in.line());
      case 'S' -> stack.add(unquoted(in.line()));
      case 'T' -> stack.add(in.text(in.u32())); // BINSTRING, as Python 2 wrote text
      case 'U' -> stack.add(in.text(in.u8()));
      case 'B' -> inertBytes(in.u32());
      case 'C' -> inertBytes(in.u8());
      case 0x8e, 0x96 -> inertBytes(in.i64()); // BINBYTES8, BYTEARRAY8
      case ')' -> stack.add(new Python.Tuple(List.of()));
      case 't' -> stack.add(new Python.Tuple(popToMark()));
      case 0x85 -> tuple(1);
      case 0x86 -> tuple(2);
      case 0x87 -> tuple(3);
      case ']', 0x8f -> stack.add(new Python.Sequence()); // EMPTY_LIST, EMPTY_SET
      case 'l', 0x91 -> sequence(popToMark()); // LIST, FROZENSET
      case 'a' -> append(List.of(pop()));
      case 'e', 0x90 -> append(popToMark()); // APPENDS, ADDITEMS
      case '}' -> stack.add(new Python.Dict());
      case 'd' -> {
        List<Object> items = popToMark();
        stack.add(new Python.Dict());
        setItems(items);
      }
      case 's' -> {
        Object value = pop();
        setItems(List.of(pop(), value));
      }
      case 'u' -> setItems(popToMark());
      case 'p' -> memo.put(decimal(in.line()), peek());
      case 'q' -> memo.put((long) in.u8(), peek());
      case 'r' -> memo.put(in.u32(), peek());
      case 0x94 -> memo.put((long) memo.size(), peek()); // MEMOIZE
      case 'g' -> stack.add(remembered(decimal(in.line())));
      case 'h' -> stack.add(remembered(in.u8()));
      case 'j' -> stack.add(remembered(in.u32()));
      case 'c' -> {
        String module = in.line();
        global(module, in.line());
      }
      case 0x93 -> { // STACK_GLOBAL
        if (!(pop() instanceof String name) || !(pop() instanceof String module)) {
          throw in.error("a name that is no text");
        }
        global(module, name);
      }
      case 'R', 0x81 -> { // REDUCE, NEWOBJ
        Object arguments = pop();
        stack.add(Torch.call(pop(), arguments, in));
      }
      case 'b' -> { // BUILD: attributes, on which no weight depends
        pop();
        peek();
      }
      case 'Q' -> stack.add(Torch.storage(pop(), in));
      default -> throw in.error("the operation 0x" + Integer.toHexString(opcode) + " is not one of a state dict");
    }
  }

  private void global(String module, String name) {
    stack.add(Known.find(module, name).orElseThrow(() -> new WeightFileException(file, "the pickle asks for the Python "
        + "name '" + shorten(module + "." + name) + "', which is not among those of a state dict; nothing was run. If "
        + "you trust the file, save the state dict alone: torch.save(model.state_dict(), \"name.pth\")")));
  }

  private static String shorten(String text) {
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }

  private Object pop() {
    if (stack.isEmpty() || stack.getLast() == MARK) {
      throw in.error("the stack is empty");
    }
    return stack.removeLast();
  }

  private Object peek() {
    if (stack.isEmpty() || stack.getLast() == MARK) {
      throw in.error("the stack is empty");
    }
    return stack.getLast();
  }

  private List<Object> popToMark() {
    int mark = stack.lastIndexOf(MARK);
    if (mark < 0) {
      throw in.error("there is no mark on the stack");
    }
    List<Object> top = stack.subList(mark + 1, stack.size());
    List<Object> items = new ArrayList<>(top);
    top.clear();
    stack.removeLast();
    return items;
  }

  private void tuple(int length) {
    var items = new ArrayList<Object>();
    for (int i = 0; i < length; i++) {
      items.addFirst(pop());
    }
    stack.add(new Python.Tuple(items));
  }

  private void sequence(List<Object> items) {
    var sequence = new Python.Sequence();
    sequence.items.addAll(items);
    stack.add(sequence);
  }

  private void append(List<Object> items) {
    if (!(peek() instanceof Python.Sequence sequence)) {
      throw in.error("something is appended to what is not a list");
    }
    sequence.items.addAll(items);
  }

  private void setItems(List<Object> items) {
    if (!(peek() instanceof Python.Dict dict) || items.size() % 2 != 0) {
      throw in.error("an entry is set on what is not a dictionary");
    }
    for (int i = 0; i < items.size(); i += 2) {
      dict.items.put(items.get(i), items.get(i + 1));
    }
  }

  private Object remembered(long index) {
    Object value = memo.get(index);
    if (value == null) {
      throw in.error("nothing was remembered as number " + index);
    }
    return value;
  }

  private void inertBytes(long length) {
    in.slice(length);
    stack.add(new Known.Inert("bytes"));
  }

  /** A little-endian whole number of any length; what exceeds 64 bits is only a mark, as the legacy format's first. */
  private Object whole(long length) {
    byte[] bytes = in.slice(length).toArray(ValueLayout.JAVA_BYTE);
    if (bytes.length > Long.BYTES) {
      var digits = new StringBuilder();
      for (int i = Math.min(bytes.length, 16) - 1; i >= 0; i--) {
        digits.append(String.format("%02x", bytes[i]));
      }
      return "0x" + digits;
    }
    long value = bytes.length == 0 ? 0 : bytes[bytes.length - 1] < 0 ? -1 : 0;
    for (int i = bytes.length - 1; i >= 0; i--) {
      value = value << 8 | bytes[i] & 0xFF;
    }
    return value;
  }

  private long decimal(String text) {
    try {
      return Long.parseLong(text.endsWith("L") ? text.substring(0, text.length() - 1) : text.strip());
    } catch (NumberFormatException _) {
      throw in.error("'" + shorten(text) + "' is no whole number");
    }
  }

  private double fraction(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw in.error("'" + shorten(text) + "' is no number");
    }
  }

  private double bigEndianDouble() {
    return ByteBuffer.wrap(in.slice(Double.BYTES).toArray(ValueLayout.JAVA_BYTE)).order(ByteOrder.BIG_ENDIAN)
        .getDouble();
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() >= 2 && (text.startsWith("'") || text.startsWith("\""));
    return quoted ? text.substring(1, text.length() - 1) : text;
  }
}
