package dev.lentil.weights.pytorch;

import dev.lentil.safetensors.Dtype;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The Python names that a pickle may use, and what stands for each here: a fixed table. Nothing is ever looked up by a
 * name from a file, so nothing can be run by one; a name that is not here ends the reading.
 */
sealed interface Known {
  /** A function of PyTorch that makes a tensor of a storage, offset, size and stride. */
  record RebuildTensor() implements Known {}

  /** A function of PyTorch that marks a tensor as trainable; the tensor itself is its first argument. */
  record RebuildParameter() implements Known {}

  /** A function of PyTorch that makes a tensor of raw bytes, and of an element type besides. */
  record RebuildTypedTensor() implements Known {}

  /** A function of PyTorch that makes a tensor with attributes of its own by calling one of the functions above. */
  record RebuildFromType() implements Known {}

  /**
   * What elements a tensor has.
   *
   * @param name PyTorch's
   * @param bytes of one element
   * @param dtype empty where such tensors are listed, but not read
   */
  record ElementType(String name, int bytes, Optional<Dtype> dtype) implements Known {
    private ElementType(String name, Dtype dtype) {
      this(name, dtype.bytes(), Optional.of(dtype));
    }

    /** Of a view whose elements have the opposite sign of what is stored ({@code Tensor.is_neg}); not read. */
    ElementType negated() {
      return new ElementType(name + " with its negative bit set", bytes, Optional.empty());
    }
  }

  /** A storage's type. */
  record StorageType(ElementType elements) implements Known {}

  /** A dictionary's type. */
  record DictType() implements Known {}

  /** Something whose value no weight depends on; calling it gives an {@link Inert}. */
  record Harmless(String name) implements Known {}

  /** What {@link Harmless} gives, and what may be set on it is forgotten. */
  record Inert(String name) {}

  /** The name's meaning; empty if it is not in the table. */
  static Optional<Known> find(String module, String name) {
    return Optional.ofNullable(Table.NAMES.get(module + " " + name));
  }

  /** The table itself, which an interface cannot hold privately. */
  final class Table {
    private static final Map<String, Known> NAMES = new HashMap<>();

    static {
      NAMES.put("torch._utils _rebuild_tensor", new RebuildTensor());
      NAMES.put("torch._utils _rebuild_tensor_v2", new RebuildTensor());
      NAMES.put("torch._utils _rebuild_qtensor", new RebuildTensor());
      NAMES.put("torch._utils _rebuild_tensor_v3", new RebuildTypedTensor());
      NAMES.put("torch._utils _rebuild_parameter", new RebuildParameter());
      NAMES.put("torch._utils _rebuild_parameter_with_state", new RebuildParameter());
      NAMES.put("torch._tensor _rebuild_from_type_v2", new RebuildFromType());
      for (String type : new String[] {"OrderedDict", "defaultdict", "Counter"}) {
        NAMES.put("collections " + type, new DictType());
      }
      for (String module : new String[] {"builtins", "__builtin__"}) {
        NAMES.put(module + " dict", new DictType());
        harmless(module, "set", "frozenset", "complex", "bytearray", "list", "tuple", "int", "float", "str", "bool",
            "slice", "range", "xrange");
      }
      elements("Double", new ElementType("float64", Dtype.F64));
      elements("Float", new ElementType("float32", Dtype.F32));
      elements("Half", new ElementType("float16", Dtype.F16));
      elements("BFloat16", new ElementType("bfloat16", Dtype.BF16));
      elements("Long", new ElementType("int64", Dtype.I64));
      elements("Int", new ElementType("int32", Dtype.I32));
      elements("Short", new ElementType("int16", Dtype.I16));
      elements("Char", new ElementType("int8", Dtype.I8));
      elements("Byte", new ElementType("uint8", Dtype.U8));
      elements("Bool", new ElementType("bool", Dtype.BOOL));
      elements("ComplexFloat", new ElementType("complex64", 8, Optional.empty()));
      elements("ComplexDouble", new ElementType("complex128", 16, Optional.empty()));
      elements("QInt8", new ElementType("qint8", 1, Optional.empty()));
      elements("QUInt8", new ElementType("quint8", 1, Optional.empty()));
      elements("QInt32", new ElementType("qint32", 4, Optional.empty()));
      // younger types have no storage of their own
      NAMES.put("torch.storage UntypedStorage", new StorageType(new ElementType("bytes", 1, Optional.empty())));
      elements(new ElementType("uint16", Dtype.U16));
      elements(new ElementType("uint32", Dtype.U32));
      elements(new ElementType("uint64", Dtype.U64));
      elements(new ElementType("float8_e5m2", Dtype.F8_E5M2));
      elements(new ElementType("float8_e4m3fn", Dtype.F8_E4M3));
      elements(new ElementType("complex32", 4, Optional.empty()));
      for (String type : new String[] {"float8_e5m2fnuz", "float8_e4m3fnuz", "float8_e8m0fnu", "float4_e2m1fn_x2"}) {
        elements(new ElementType(type, 1, Optional.empty()));
      }
      harmless("torch", "Size", "device", "strided", "contiguous_format", "channels_last", "Tensor",
          "per_tensor_affine", "per_channel_affine");
      harmless("torch.nn.parameter", "Parameter", "Buffer");
      harmless("torch.serialization", "_get_layout");
      // training checkpoints keep their options and scores in these
      harmless("argparse", "Namespace");
      harmless("datetime", "datetime", "date", "time", "timedelta", "timezone");
      for (String module : new String[] {"pathlib", "pathlib._local"}) {
        harmless(module, "Path", "PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath");
      }
      harmless("numpy", "dtype", "ndarray");
      harmless("numpy.core.multiarray", "scalar");
      harmless("numpy._core.multiarray", "scalar");
      harmless("_codecs", "encode");
    }

    private Table() {}

    private static void elements(ElementType type) {
      NAMES.put("torch " + type.name(), type);
    }

    private static void elements(String storage, ElementType type) {
      elements(type);
      NAMES.put("torch " + storage + "Storage", new StorageType(type));
    }

    private static void harmless(String module, String... names) {
      for (String name : names) {
        NAMES.put(module + " " + name, new Harmless(module + "." + name));
      }
    }
  }
}
