package dev.lentil.weights.store;

import dev.lentil.safetensors.Dtype;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * A tensor in a weight file: its name, type and shape are known, its values are read when asked for. Sizes are checked
 * against the bytes that are there when it is made, so reading never allocates more than the file can fill.
 */
public final class StoredTensor {
  /** The most axes that a tensor may have; NumPy's limit. */
  public static final int MAX_RANK = 64;

  private static final long MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  private final Path file;
  private final String name;
  private final String type;
  private final boolean floating;
  private final List<Long> shape;
  private final Supplier<Tensor> values;

  private StoredTensor(Path file, String name, String type, boolean floating, List<Long> shape,
      Supplier<Tensor> values) {
    this.file = file;
    this.name = name;
    this.type = type;
    this.floating = floating;
    this.shape = List.copyOf(shape);
    this.values = values;
    elements(file, name, shape);
  }

  /**
   * A tensor whose elements lie one after the other in row-major order.
   *
   * @param bytes exactly the tensor's
   * @throws WeightFileException if the bytes are not as many as type and shape need
   */
  public static StoredTensor of(Path file, String name, Dtype type, List<Long> shape, MemorySegment bytes,
      ByteOrder order) {
    long elements = elements(file, name, shape);
    if (elements > Long.MAX_VALUE / type.bytes() || elements * type.bytes() != bytes.byteSize()) {
      throw new WeightFileException(file, "the tensor '" + name + "' is " + type + " of shape " + shape + ", but has "
          + bytes.byteSize() + " bytes; the file is damaged, get it again");
    }
    return new StoredTensor(file, name, type.name(), type.isFloat(), shape,
        () -> type.decode(shape(shape), bytes, order));
  }

  /**
   * A tensor that is a view of a storage.
   *
   * @param offset of the first element in the storage, in elements
   * @param strides between neighbours along each axis, in elements
   * @throws WeightFileException if an element lies outside of the storage, or there are more elements than the storage
   *     has
   */
  public static StoredTensor strided(Path file, String name, Dtype type, List<Long> shape, MemorySegment storage,
      ByteOrder order, long offset, List<Long> strides) {
    var view = new StridedView(file, name, type, shape, storage, offset, strides);
    return new StoredTensor(file, name, type.name(), type.isFloat(), shape, () -> view.read(shape(shape), order));
  }

  /** A tensor that a library reads; the caller has checked its size. */
  public static StoredTensor lazy(Path file, String name, Dtype type, List<Long> shape, Supplier<Tensor> values) {
    return new StoredTensor(file, name, type.name(), type.isFloat(), shape, values);
  }

  /**
   * A tensor that can be listed but not read.
   *
   * @param type as the format calls it
   */
  public static StoredTensor unreadable(Path file, String name, String type, List<Long> shape) {
    return new StoredTensor(file, name, type, false, shape, () -> {
      throw new WeightFileException(file, "the tensor '" + name + "' is of the type " + type
          + ", which is not read; store it as float32");
    });
  }

  public String name() {
    return name;
  }

  /** The element type: safetensors's name for it ({@code F32}), or the format's own where Lentil does not read it. */
  public String type() {
    return type;
  }

  /** Whether the elements are floating-point numbers that Lentil reads. */
  public boolean floating() {
    return floating;
  }

  /** The extents, outermost first, as they are in the file; may hold zeros. */
  public List<Long> shape() {
    return shape;
  }

  /** The number of elements. */
  public long elements() {
    return elements(file, name, shape);
  }

  /**
   * The values, in row-major order: F64 and whole numbers as float64, smaller floating-point types as float32.
   *
   * @throws WeightFileException if the tensor is empty, too large for an array, damaged or of a type that is not read
   * @throws IllegalStateException if the file has been closed
   */
  public Tensor read() {
    long elements = elements();
    if (elements == 0 || elements > MAX_ELEMENTS) {
      throw new WeightFileException(file, "the tensor '" + name + "' of shape " + shape + " has " + elements
          + " elements; from 1 to " + MAX_ELEMENTS + " can be read");
    }
    return values.get();
  }

  private static Shape shape(List<Long> extents) {
    return Shape.of(extents.stream().mapToInt(Math::toIntExact).toArray());
  }

  /**
   * The number of elements of a shape that comes from a file.
   *
   * @throws WeightFileException if an extent is negative, there are too many of them, or their product is beyond 2^63
   */
  public static long elements(Path file, String name, List<Long> shape) {
    if (shape.size() > MAX_RANK) {
      throw new WeightFileException(file, "the tensor '" + name + "' has " + shape.size() + " axes; at most "
          + MAX_RANK + " are read");
    }
    boolean empty = false;
    long elements = 1;
    for (long extent : shape) {
      if (extent < 0) {
        throw new WeightFileException(file, "the tensor '" + name + "' has the shape " + shape
            + " with a negative extent; the file is damaged, get it again");
      }
      empty |= extent == 0;
      // Extents of 0 are left out, so that an overflow shows whatever their order.
      long factor = Math.max(extent, 1);
      if (elements > Long.MAX_VALUE / factor) {
        throw new WeightFileException(file, "the tensor '" + name + "' has the shape " + shape
            + " beyond all memory; the file is damaged, get it again");
      }
      elements *= factor;
    }
    return empty ? 0 : elements;
  }

  @Override
  public String toString() {
    return name + " " + type + shape;
  }
}
