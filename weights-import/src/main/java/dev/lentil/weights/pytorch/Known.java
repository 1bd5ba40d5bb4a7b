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

  /** A storage's type. */
  record StorageType(Dtype dtype) implements Known {}

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
      NAMES.put("torch._utils _rebuild_parameter", new RebuildParameter());
      NAMES.put("collections OrderedDict", new DictType());
      for (String module : new String[] {"builtins", "__builtin__"}) {
        NAMES.put(module + " dict", new DictType());
        harmless(module, "set", "frozenset", "complex", "bytearray");
      }
      Map.of("Double", Dtype.F64, "Float", Dtype.F32, "Half", Dtype.F16, "BFloat16", Dtype.BF16, "Long", Dtype.I64,
          "Int", Dtype.I32, "Short", Dtype.I16, "Char", Dtype.I8, "Byte", Dtype.U8, "Bool", Dtype.BOOL)
          .forEach((type, dtype) -> NAMES.put("torch " + type + "Storage", new StorageType(dtype)));
      harmless("torch", "Size", "device", "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16",
          "int8", "uint8", "bool", "strided", "contiguous_format", "channels_last");
      harmless("torch.serialization", "_get_layout");
      // training checkpoints keep their options and scores in these
      harmless("argparse", "Namespace");
      harmless("numpy", "dtype", "ndarray");
      harmless("numpy.core.multiarray", "scalar");
      harmless("numpy._core.multiarray", "scalar");
      harmless("_codecs", "encode");
    }

    private Table() {}

    private static void harmless(String module, String... names) {
      for (String name : names) {
        NAMES.put(module + " " + name, new Harmless(module + "." + name));
      }
    }
  }
}
