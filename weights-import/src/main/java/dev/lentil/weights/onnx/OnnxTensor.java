package dev.lentil.weights.onnx;

import dev.lentil.safetensors.Dtype;
import dev.lentil.weights.store.FileBytes;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.WeightFileException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code TensorProto}: the values are in {@code raw_data}, in the typed fields {@code float_data} and its like, or in
 * another file. Source: ONNX's onnx.proto.
 */
final class OnnxTensor {
  private static final long EXTERNAL = 1;

  /** The typed fields, which hold a type in a wider one. */
  private static final int FLOAT_DATA = 4;
  private static final int INT32_DATA = 5;
  private static final int INT64_DATA = 7;
  private static final int DOUBLE_DATA = 10;
  private static final int UINT64_DATA = 11;

  private static final Map<Long, Dtype> TYPES = Map.ofEntries(Map.entry(1L, Dtype.F32), Map.entry(2L, Dtype.U8),
      Map.entry(3L, Dtype.I8), Map.entry(4L, Dtype.U16), Map.entry(5L, Dtype.I16), Map.entry(6L, Dtype.I32),
      Map.entry(7L, Dtype.I64), Map.entry(9L, Dtype.BOOL), Map.entry(10L, Dtype.F16), Map.entry(11L, Dtype.F64),
      Map.entry(12L, Dtype.U32), Map.entry(13L, Dtype.U64), Map.entry(16L, Dtype.BF16),
      Map.entry(17L, Dtype.F8_E4M3), Map.entry(19L, Dtype.F8_E5M2));

  private final Path file;
  private final FileBytes files;
  private final List<Long> shape = new ArrayList<>();
  private final List<MemorySegment> fixed = new ArrayList<>();
  private final List<Long> wholes = new ArrayList<>();
  private final Map<String, String> external = new HashMap<>();
  private Optional<MemorySegment> raw = Optional.empty();
  private String name = "";
  private long type;
  private long location;

  private OnnxTensor(Path file, FileBytes files) {
    this.file = file;
    this.files = files;
  }

  /**
   * @param fallback the tensor's name if the message has none: that of the node's output
   */
  static StoredTensor read(Path file, FileBytes files, Protobuf message, String fallback) {
    var tensor = new OnnxTensor(file, files);
    while (message.next()) {
      tensor.take(message);
    }
    return tensor.stored(fallback);
  }

  private void take(Protobuf message) {
    switch (message.field()) {
      case 1 -> shape.addAll(message.wholes());
      case 2 -> type = message.whole();
      case FLOAT_DATA, DOUBLE_DATA -> fixed.add(message.fixed());
      case INT32_DATA, INT64_DATA, UINT64_DATA -> wholes.addAll(message.wholes());
      case 8 -> name = message.text();
      case 9 -> raw = Optional.of(message.bytes());
      case 13 -> {
        Map.Entry<String, String> entry = OnnxReader.textEntry(message.message("the tensor's place"));
        external.put(entry.getKey(), entry.getValue());
      }
      case 14 -> location = message.whole();
      default -> {}
    }
    // A shape longer than this is refused by StoredTensor; collecting it first would only cost memory.
    if (shape.size() > StoredTensor.MAX_RANK) {
      throw new WeightFileException(file, "a tensor has more than " + StoredTensor.MAX_RANK
          + " axes; the file is damaged, get it again");
    }
  }

  private StoredTensor stored(String fallback) {
    String known = name.isEmpty() ? fallback : name;
    Dtype dtype = TYPES.get(type);
    if (dtype == null) {
      return StoredTensor.unreadable(file, known, "ONNX type " + type, shape);
    }
    return StoredTensor.of(file, known, dtype, shape, bytes(known, dtype), ByteOrder.LITTLE_ENDIAN);
  }

  private MemorySegment bytes(String known, Dtype dtype) {
    if (location == EXTERNAL) {
      return externalBytes(known);
    }
    if (raw.isPresent()) {
      return raw.get();
    }
    if (!fixed.isEmpty()) {
      return FileBytes.joined(fixed);
    }
    ByteBuffer narrow = ByteBuffer.allocate(wholes.size() * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (long whole : wholes) {
      switch (dtype.bytes()) {
        case 1 -> narrow.put((byte) whole);
        case 2 -> narrow.putShort((short) whole);
        case 4 -> narrow.putInt((int) whole);
        default -> narrow.putLong(whole);
      }
    }
    return MemorySegment.ofBuffer(narrow.flip());
  }

  private MemorySegment externalBytes(String known) {
    MemorySegment all = files.mapBeside(file, external.getOrDefault("location", ""));
    try {
      long offset = Long.parseLong(external.getOrDefault("offset", "0"));
      long length = external.containsKey("length")
          ? Long.parseLong(external.get("length"))
          : all.byteSize() - offset;
      if (offset >= 0 && length >= 0 && offset <= all.byteSize() && length <= all.byteSize() - offset) {
        return all.asSlice(offset, length);
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw new WeightFileException(file, "the tensor '" + known + "' is said to be at " + external
        + " of a file of " + all.byteSize() + " bytes; one of the two is damaged, get both again");
  }
}
