package dev.lentil.weights.pytorch;

import dev.lentil.weights.store.ByteCursor;
import dev.lentil.weights.store.FileBytes;
import dev.lentil.weights.store.FileFormat;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.TensorTable;
import dev.lentil.weights.store.WeightFileException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code torch.save} before PyTorch 1.6: five pickles one after the other (a magic number, the protocol, the machine's
 * properties, the object, the storages' keys), then each storage as its length and its values. Source: PyTorch's
 * torch/serialization.py, {@code _legacy_save}.
 */
public final class PyTorchLegacy {
  /** What the first pickle holds: the number 0x1950a86a20f9469cfc6c. */
  private static final byte[] MAGIC = {(byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a,
      (byte) 0xa8, 0x50, 0x19, '.'};
  /** The pickle's protocol, 2 unless another was asked for, before it. */
  private static final int PROTO = 0x80;
  private static final int PROTO_BYTES = 2;
  /** Protocols 4 and 5 also say how long the pickle is. */
  private static final int FRAME = 0x95;
  private static final int FRAME_BYTES = 1 + Long.BYTES;
  private static final long PROTOCOL = 1001;

  private PyTorchLegacy() {}

  /** Whether a file begins as this format does. */
  public static boolean matches(MemorySegment bytes) {
    long start = start(bytes);
    return start > 0 && FileBytes.beginWith(bytes.asSlice(start), MAGIC);
  }

  /** Where the magic number would be; 0 if this is no pickle. */
  private static long start(MemorySegment bytes) {
    if (bytes.byteSize() < PROTO_BYTES + FRAME_BYTES || (bytes.get(ValueLayout.JAVA_BYTE, 0) & 0xFF) != PROTO) {
      return 0;
    }
    boolean framed = (bytes.get(ValueLayout.JAVA_BYTE, PROTO_BYTES) & 0xFF) == FRAME;
    return PROTO_BYTES + (framed ? FRAME_BYTES : 0);
  }

  /**
   * @throws WeightFileException if the file is damaged, or its pickles use names that are not those of a state dict
   */
  public static TensorTable read(Path file, MemorySegment bytes) {
    var in = new ByteCursor(file, "the file", bytes);
    in.slice(start(bytes) + MAGIC.length);
    if (!(Unpickler.read(file, in) instanceof Long protocol) || protocol != PROTOCOL) {
      throw in.error("the protocol is not " + PROTOCOL);
    }
    if (!(Unpickler.read(file, in) instanceof Python.Dict system)) {
      throw in.error("the machine's properties are not a dictionary");
    }
    ByteOrder order =
        Boolean.FALSE.equals(system.items.get("little_endian")) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    StateDict found = StateDict.of(Unpickler.read(file, in));
    Map<String, MemorySegment> storages = storages(file, in, found, order);
    var tensors = new ArrayList<StoredTensor>();
    for (var entry : found.tensors()) {
      Python.TensorView view = entry.getValue();
      MemorySegment storage = storages.get(view.storage().key());
      if (storage == null) {
        throw new WeightFileException(file, "the values of the tensor '" + entry.getKey()
            + "' are missing; the file is incomplete, get it again");
      }
      tensors.add(view.stored(file, entry.getKey(), storage, order));
    }
    return TensorTable.of(file, FileFormat.PYTORCH_LEGACY, tensors, found.facts());
  }

  private static Map<String, MemorySegment> storages(Path file, ByteCursor in, StateDict found, ByteOrder order) {
    var known = new HashMap<String, Python.Storage>();
    found.tensors().forEach(entry -> known.put(entry.getValue().storage().key(), entry.getValue().storage()));
    if (!(Unpickler.read(file, in) instanceof Python.Sequence keys)) {
      throw in.error("the storages' keys are not a list");
    }
    var storages = new HashMap<String, MemorySegment>();
    for (Object key : keys.items) {
      Python.Storage storage = known.get(key);
      if (storage == null) {
        throw in.error("a storage that belongs to no tensor, so its length is unknown");
      }
      long elements = order == ByteOrder.LITTLE_ENDIAN ? in.i64() : Long.reverseBytes(in.i64());
      if (elements != storage.elements()) {
        throw in.error("a storage of " + elements + " elements, but " + storage.elements() + " are announced");
      }
      if (elements < 0 || elements > in.remaining() / storage.type().bytes()) {
        throw in.error("a storage of " + elements + " elements, more than are there");
      }
      storages.put(storage.key(), in.slice(elements * storage.type().bytes()));
    }
    return storages;
  }
}
