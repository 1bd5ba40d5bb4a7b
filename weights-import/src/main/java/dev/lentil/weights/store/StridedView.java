package dev.lentil.weights.store;

import dev.lentil.safetensors.Dtype;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** Elements of a storage that are not one after the other: a transposed or cut-out tensor. */
final class StridedView {
  private final Dtype type;
  private final MemorySegment storage;
  private final long offset;
  private final long[] extents;
  private final long[] strides;

  StridedView(Path file, String name, Dtype type, List<Long> shape, MemorySegment storage, long offset,
      List<Long> strides) {
    this.type = type;
    this.storage = storage;
    this.offset = offset;
    this.extents = shape.stream().mapToLong(Long::longValue).toArray();
    this.strides = strides.stream().mapToLong(Long::longValue).toArray();
    long stored = storage.byteSize() / type.bytes();
    long elements = StoredTensor.elements(file, name, shape);
    if (strides.size() != shape.size() || offset < 0 || elements > 0 && last() > stored - 1) {
      throw new WeightFileException(file, "the tensor '" + name + "' of shape " + shape + ", strides " + strides
          + " and offset " + offset + " does not lie in its storage of " + stored
          + " elements; the file is damaged, get it again");
    }
    // Not damage, but a few bytes could stand for more elements than there is memory.
    if (elements > stored) {
      throw new WeightFileException(file, "the tensor '" + name + "' of shape " + shape + " and strides " + strides
          + " repeats the elements of a storage of " + stored
          + ", as a tensor made by expand does; call contiguous() on "
          + "it before torch.save");
    }
  }

  /** The position of the last element; beyond every storage if a stride is negative or the sum overflows. */
  private long last() {
    try {
      long last = offset;
      for (int axis = 0; axis < extents.length; axis++) {
        if (strides[axis] < 0) {
          return Long.MAX_VALUE;
        }
        last = Math.addExact(last, Math.multiplyExact(extents[axis] - 1, strides[axis]));
      }
      return last;
    } catch (ArithmeticException _) {
      return Long.MAX_VALUE;
    }
  }

  Tensor read(Shape shape, ByteOrder order) {
    int size = shape.size();
    int width = type.bytes();
    if (rowMajor()) {
      return type.decode(shape, storage.asSlice(offset * width, (long) size * width), order);
    }
    MemorySegment packed = MemorySegment.ofArray(new byte[Math.multiplyExact(size, width)]);
    long[] index = new long[extents.length];
    long at = offset;
    for (int i = 0; i < size; i++) {
      MemorySegment.copy(storage, at * width, packed, (long) i * width, width);
      for (int axis = extents.length - 1; axis >= 0; axis--) {
        at += strides[axis];
        if (++index[axis] < extents[axis]) {
          break;
        }
        at -= strides[axis] * extents[axis];
        index[axis] = 0;
      }
    }
    return type.decode(shape, packed, order);
  }

  private boolean rowMajor() {
    long expected = 1;
    for (int axis = extents.length - 1; axis >= 0; axis--) {
      if (extents[axis] != 1 && strides[axis] != expected) {
        return false;
      }
      expected *= extents[axis];
    }
    return true;
  }
}
