package dev.lentil.weights.numpy;

import dev.lentil.safetensors.Dtype;
import dev.lentil.weights.store.ByteCursor;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.WeightFileException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One array of NumPy: a magic number, a Python dictionary as text, the values. Source: NumPy's
 * numpy/lib/_format_impl.py, format versions 1.0 to 3.0.
 */
final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 1 << 16;

  /** A list is the type of a structure, whose fields' types are in it. */
  private static final Pattern DESCR = Pattern.compile("'descr':\\s*('[^']{1,40}'|\\[)");
  private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([0-9, ]{0,1000})\\)");

  /** By NumPy's letter and size; the byte order stands before them. */
  private static final Map<String, Dtype> TYPES = Map.ofEntries(Map.entry("f8", Dtype.F64), Map.entry("f4", Dtype.F32),
      Map.entry("f2", Dtype.F16), Map.entry("i8", Dtype.I64), Map.entry("i4", Dtype.I32), Map.entry("i2", Dtype.I16),
      Map.entry("i1", Dtype.I8), Map.entry("u8", Dtype.U64), Map.entry("u4", Dtype.U32), Map.entry("u2", Dtype.U16),
      Map.entry("u1", Dtype.U8), Map.entry("b1", Dtype.BOOL));

  private Npy() {}

  /**
   * @param name the tensor's
   * @throws WeightFileException if the array is damaged
   */
  static StoredTensor read(Path file, String name, MemorySegment bytes) {
    var in = new ByteCursor(file, "the array '" + name + "'", bytes);
    if (in.slice(MAGIC.length).mismatch(MemorySegment.ofArray(MAGIC)) != -1) {
      throw in.error("it does not begin as a .npy does");
    }
    int version = in.u8();
    in.u8();
    long length = version == 1 ? in.u16() : in.u32();
    if (version < 1 || version > 3 || length > LONGEST_HEADER) {
      throw in.error("it has version " + version + " and a header of " + length + " bytes");
    }
    String header = in.text(length);
    String descr = field(in, DESCR, header, "descr");
    boolean fortran = field(in, ORDER, header, "fortran_order").equals("True");
    List<Long> shape = shape(in, field(in, SHAPE, header, "shape"));
    MemorySegment data = in.slice(in.remaining());
    if (descr.equals("[")) {
      return StoredTensor.unreadable(file, name, "structure", shape);
    }
    String numbers = descr.substring(1, descr.length() - 1);
    Optional<Dtype> type = Optional.ofNullable(TYPES.get(numbers.substring(1)));
    if (type.isEmpty()) {
      return StoredTensor.unreadable(file, name, numbers, shape);
    }
    ByteOrder order = numbers.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return fortran
        ? StoredTensor.strided(file, name, type.get(), shape, data, order, 0, fortranStrides(shape))
        : StoredTensor.of(file, name, type.get(), shape, data, order);
  }

  private static String field(ByteCursor in, Pattern pattern, String header, String field) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw in.error("its header has no " + field);
    }
    return matcher.group(1);
  }

  private static List<Long> shape(ByteCursor in, String text) {
    var shape = new ArrayList<Long>();
    for (String part : text.split(",")) {
      if (!part.isBlank()) {
        try {
          shape.add(Long.parseLong(part.strip()));
        } catch (NumberFormatException _) {
          throw in.error("its shape has the extent '" + part.strip() + "'");
        }
      }
    }
    return shape;
  }

  /** The first axis is the innermost. An overflow gives strides beyond the storage, which are refused there. */
  private static List<Long> fortranStrides(List<Long> shape) {
    var strides = new ArrayList<Long>();
    long stride = 1;
    for (long extent : shape) {
      strides.add(stride);
      stride = stride > Integer.MAX_VALUE ? stride : stride * Math.min(Math.max(extent, 1), Integer.MAX_VALUE);
    }
    return strides;
  }
}
