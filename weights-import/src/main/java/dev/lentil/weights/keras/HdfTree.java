package dev.lentil.weights.keras;

import dev.lentil.safetensors.Dtype;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.WeightFileException;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfFilterException;
import io.jhdf.filter.PipelineFilterWithData;
import io.jhdf.object.message.DataLayout;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * An HDF5 file by way of jHDF, which believes what a file says: sizes are compared with the file's own before jHDF
 * allocates, and whatever it throws becomes a {@link WeightFileException}.
 */
final class HdfTree {
  /** The most bytes of a chunked data set, which may be compressed: several times the largest MobileNetV2. */
  private static final long MAX_CHUNKED = 100_000_000;
  /**
   * By their registered numbers: deflate (gzip) and shuffle. Of the others that jHDF knows LZ4 and bitshuffle need native code,
   * LZF needs {@code sun.misc.Unsafe}, and Fletcher's checksum stays behind the values, which shuffle then takes apart wrongly.
   */
  private static final Set<Integer> FILTERS = Set.of(1, 2);

  private final Path file;
  private final long size;
  private final HdfFile hdf;

  private HdfTree(Path file, long size, HdfFile hdf) {
    this.file = file;
    this.size = size;
    this.hdf = hdf;
  }

  /**
   * @param bytes the whole file, valid for as long as tensors are read from it
   */
  static HdfTree of(Path file, MemorySegment bytes) {
    HdfLength.requireWhole(file, bytes);
    if (bytes.byteSize() > Integer.MAX_VALUE) {
      throw new WeightFileException(file, "this HDF5 file has " + bytes.byteSize() + " bytes; at most "
          + Integer.MAX_VALUE + " are read");
    }
    // Nothing to close: the file is in memory, which its owner gives back.
    return new HdfTree(file, bytes.byteSize(), guarded(file, () -> HdfFile.fromByteBuffer(bytes.asByteBuffer())));
  }

  Group root() {
    return hdf;
  }

  /** Does something with jHDF's objects, which may read the file. */
  <T> T guarded(Supplier<T> action) {
    return guarded(file, action);
  }

  private static <T> T guarded(Path file, Supplier<T> action) {
    try {
      return action.get();
    } catch (WeightFileException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // jHDF meets a damaged file with nearly any unchecked exception: HdfException, ArithmeticException,
      // BufferUnderflowException; and one whose groups contain themselves with endless recursion.
      // It also fails on sound files whose weights Keras has stored as bfloat16: an opaque type without a tag.
      throw new WeightFileException(file, "this HDF5 file is damaged, or holds what is not read, such as bfloat16 ("
          + e.getMessage() + "); get it again, or save the weights as float32", e);
    }
  }

  /** The texts of an attribute; none if there is none, or an empty array, which Keras stores with a type of its own. */
  List<String> strings(Group group, String attribute) {
    Attribute found = group.getAttribute(attribute);
    return found != null && data(found) instanceof Object[] values
        ? Arrays.stream(values).map(String::valueOf).toList()
        : List.of();
  }

  /** A list of texts that Keras, where it is long, cuts into the attributes name0, name1 and so on. */
  List<String> longStrings(Group group, String attribute) {
    var texts = new ArrayList<>(strings(group, attribute));
    for (int i = 0; group.getAttribute(attribute + i) != null; i++) {
      texts.addAll(strings(group, attribute + i));
    }
    return texts;
  }

  Optional<String> text(Group group, String attribute) {
    Attribute found = group.getAttribute(attribute);
    return found != null && data(found) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private Object data(Attribute attribute) {
    if (attribute.getSize() < 0 || attribute.getSizeInBytes() < 0 || attribute.getSizeInBytes() > size) {
      throw new WeightFileException(file, "the attribute '" + attribute.getName() + "' announces "
          + attribute.getSizeInBytes() + " bytes, more than the file has; get it again");
    }
    return attribute.getData();
  }

  /** The node that a path of names leads to. */
  static Optional<Node> find(Group group, String path) {
    Node node = group;
    for (String part : path.split("/")) {
      if (!(node instanceof Group parent) || parent.getChild(part) == null) {
        return Optional.empty();
      }
      node = parent.getChild(part);
    }
    return Optional.of(node);
  }

  StoredTensor tensor(String name, Dataset dataset) {
    var shape = new ArrayList<Long>();
    for (int extent : dataset.isEmpty() ? new int[] {0} : dataset.getDimensions()) {
      shape.add((long) extent);
    }
    Optional<Dtype> dtype = dtype(dataset);
    if (dtype.isEmpty()) {
      return StoredTensor.unreadable(file, name, String.valueOf(dataset.getJavaType()), shape);
    }
    long elements = StoredTensor.elements(file, name, shape);
    // jHDF may widen what is stored: a half becomes a float, an unsigned byte an int.
    long most = dataset.getDataLayout() == DataLayout.CHUNKED
        ? MAX_CHUNKED / dtype.get().bytes()
        : size / dataset.getDataType().getSize();
    if (elements > most) {
      throw new WeightFileException(file, "the data set '" + name + "' announces the shape " + shape
          + ", more than the file has or than is read; the file is damaged, get it again");
    }
    return StoredTensor.lazy(file, name, dtype.get(), shape, () -> guarded(() -> values(name, dataset)));
  }

  private static Optional<Dtype> dtype(Dataset dataset) {
    Map<Class<?>, Dtype> types = Map.of(double.class, Dtype.F64, float.class, Dtype.F32, long.class, Dtype.I64,
        int.class, Dtype.I32, short.class, Dtype.I16, byte.class, Dtype.I8);
    boolean inFile = switch (dataset.getDataLayout()) {
      case COMPACT, CONTIGUOUS, CHUNKED -> true;
      default -> false;
    };
    Dtype dtype = types.get(dataset.getJavaType());
    boolean half = dtype == Dtype.F32 && dataset.getDataType().getSize() == Dtype.F16.bytes();
    return inFile ? Optional.ofNullable(half ? Dtype.F16 : dtype) : Optional.empty();
  }

  /** Values may have been stored through filters, most of which HDF5 itself has as plugins only. */
  private void requireKnownFilters(String name, Dataset dataset) {
    List<PipelineFilterWithData> filters;
    try {
      filters = dataset.getFilters();
    } catch (HdfFilterException e) {
      throw unknownFilter(name, e.getMessage());
    }
    filters.stream().filter(filter -> !FILTERS.contains(filter.getId())).findFirst().ifPresent(filter -> {
      throw unknownFilter(name, filter.getName() + ", id=" + filter.getId());
    });
  }

  /** Parts that were never written have the fill value, in place of which jHDF gives zeros. */
  private void requireNoFillValue(String name, Dataset dataset) {
    if (dataset.getDataLayout() == DataLayout.CHUNKED && dataset.getFillValue() instanceof Number fill
        && fill.doubleValue() != 0) {
      throw new WeightFileException(file, "the weight '" + name + "' has the fill value " + fill
          + " for parts that are not stored, which is not read; store it in one piece: h5repack -l CONTI OLD.h5 NEW.h5");
    }
  }

  private WeightFileException unknownFilter(String name, String filter) {
    return new WeightFileException(file, "the weight '" + name + "' is stored through an HDF5 filter that is not read ("
        + filter + "); store it with gzip or without: h5repack -f GZIP=4 OLD.h5 NEW.h5");
  }

  private Tensor values(String name, Dataset dataset) {
    requireKnownFilters(name, dataset);
    requireNoFillValue(name, dataset);
    Shape shape = Shape.of(dataset.getDimensions());
    return switch (dataset.getDataFlat()) {
      case float[] values -> Tensor.of(shape, values);
      case double[] values -> Tensor.of(shape, values);
      case long[] values -> Tensor.of(shape, Arrays.stream(values).asDoubleStream().toArray());
      case int[] values -> Tensor.of(shape, Arrays.stream(values).asDoubleStream().toArray());
      case short[] values -> Tensor.of(shape, doubles(values.length, i -> values[i]));
      case byte[] values -> Tensor.of(shape, doubles(values.length, i -> values[i]));
      // jHDF gives a scalar as a boxed number
      case Float value -> Tensor.of(shape, value);
      case Number value -> Tensor.of(shape, value.doubleValue());
      default -> throw new WeightFileException(file, "the weight '" + name + "' is not of numbers that are read");
    };
  }

  private static double[] doubles(int count, IntToDoubleFunction value) {
    return IntStream.range(0, count).mapToDouble(value).toArray();
  }
}
