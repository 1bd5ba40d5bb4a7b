package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.blas.Matrix;
import dev.lentil.backend.cuda.blas.Product;
import dev.lentil.backend.cuda.driver.Grid;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Window;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Target;
import java.util.stream.Stream;

/**
 * Addresses and extents of a plan's values, and the few calls that every operation is built from.
 *
 * @param base where the plan's memory starts
 * @param scratch memory for the step whose work is being made
 */
record Bindings(Plan plan, CudaParameters parameters, CudaDevice device, Layout layout, long base, Scratch scratch) {

  // ---- values ----

  long address(int value) {
    return base + layout.offset(value);
  }

  /** All elements, over the whole batch. */
  int count(int value) {
    return Math.toIntExact(plan.value(value).size(plan.batch()));
  }

  int channels(int value) {
    return plan.value(value).shape().extent(-1);
  }

  /** Pixels of all samples together. */
  int rows(int value) {
    return count(value) / channels(value);
  }

  /** The elements of one sample. */
  int features(int value) {
    return plan.value(value).shape().size();
  }

  int batch() {
    return plan.batch();
  }

  long inbox(int offset) {
    return base + offset;
  }

  // ---- parameters ----

  long parameter(Layer layer, String variable) {
    return parameters.address(layer.name() + "/" + variable);
  }

  long gradient(Layer layer, String variable) {
    return parameters.gradientAddress(layer.name() + "/" + variable);
  }

  // ---- operations ----

  Op launch(String file, String kernel, Grid grid, Object... arguments) {
    return device.kernels().launch(file, kernel, grid, arguments);
  }

  /** A kernel that takes each of {@code count} elements by itself. */
  Op each(String file, String kernel, int count, Object... arguments) {
    return launch(file, kernel, Grid.elements(count), arguments);
  }

  /** Blocks over the channels of rows; as rows.cuh decides, a thread takes 16 bytes of a row where whole packs fill it. */
  Columns columns(int channels) {
    int pack = 16 / device.storage().bytes();
    return Columns.of(channels % pack == 0 ? channels / pack : channels);
  }

  /** Memory that nothing else of this step has, and no other step may expect anything in. */
  long scratch(long bytes) {
    return scratch.take(bytes);
  }

  /** Scratch for as many elements as a value has. */
  long scratchLike(int value) {
    return scratch((long) count(value) * device.storage().bytes());
  }

  /** Part of a value as a matrix, beginning at a row. */
  Matrix matrix(int value, int firstRow, int rows, int columns) {
    return stored(address(value) + (long) firstRow * columns * device.storage().bytes(), rows, columns);
  }

  /** A matrix in the type of the activations. */
  Matrix stored(long address, int rows, int columns) {
    return new Matrix(address, rows, columns, device.storage().type());
  }

  Op multiply(Matrix a, Product.Form formOfA, Matrix b, Product.Form formOfB, Matrix c, Product.Store store) {
    Product product = new Product(a, formOfA, b, formOfB, c, store);
    return _ -> device.blas().multiply(product);
  }

  /** Arguments of a kernel: those that its variants share, then more. */
  static Object[] and(Object[] more, Object... first) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray();
  }

  /** The name of the kernel that writes, or of the one that adds. */
  static String kernel(String name, Target target) {
    return switch (target.mode()) {
      case WRITE -> name;
      case ACCUMULATE -> name + "_add";
    };
  }

  static Product.Store store(Target target) {
    return switch (target.mode()) {
      case WRITE -> Product.Store.WRITE;
      case ACCUMULATE -> Product.Store.ADD;
    };
  }

  /** A window as {@code struct Window} of lentil.cuh. */
  static int[] structure(Window w) {
    return new int[] {w.inH(), w.inW(), w.kernelH(), w.kernelW(), w.stride(), w.padTop(), w.padLeft(), w.outH(),
        w.outW()};
  }
}
