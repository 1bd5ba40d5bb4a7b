package dev.lentil.weights.pytorch;

import dev.lentil.weights.store.StoredTensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values that a pickle makes, besides {@link Long}, {@link Double}, {@link Boolean}, {@link String} and {@link
 * Known}. They compare by identity: a pickle may nest them as deep as it likes, and in circles.
 */
final class Python {
  /** {@code None}. */
  static final Object NONE = new Object();

  private Python() {}

  /** A tuple. */
  record Tuple(List<Object> items) {
    Tuple {
      items = List.copyOf(items);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** A list or a set. */
  static final class Sequence {
    final List<Object> items = new ArrayList<>();
  }

  /** A dictionary; what is set on it as an attribute is forgotten. */
  static final class Dict {
    final Map<Object, Object> items = new LinkedHashMap<>();
  }

  /**
   * A storage: the values that tensors are views of.
   *
   * @param key its name in the file
   * @param elements how many values it has
   */
  record Storage(Known.ElementType type, String key, long elements) {}

  /**
   * A tensor.
   *
   * @param type of its elements, which the storage's type need not be
   * @param offset of its first value in the storage, in elements of the tensor
   */
  record TensorView(Known.ElementType type, Storage storage, long offset, List<Long> shape, List<Long> strides) {
    TensorView {
      shape = List.copyOf(shape);
      strides = List.copyOf(strides);
    }

    /** As a tensor of the file. */
    StoredTensor stored(Path file, String name, MemorySegment bytes, ByteOrder order) {
      return type.dtype().map(dtype -> StoredTensor.strided(file, name, dtype, shape, bytes, order, offset, strides))
          .orElseGet(() -> StoredTensor.unreadable(file, name, type.name(), shape));
    }
  }
}
