package dev.lentil.backend.cuda;

import static dev.lentil.backend.cuda.blas.Product.Form.AS_IT_IS;
import static dev.lentil.backend.cuda.blas.Product.Form.TRANSPOSED;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cuda.blas.Matrix;
import dev.lentil.backend.cuda.blas.Product;
import dev.lentil.backend.cuda.driver.Grid;
import dev.lentil.nn.Window;
import dev.lentil.plan.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * A convolution, or a dense layer, as matrix products by cuBLAS. In NHWC a 1x1 convolution is one as it stands,
 * {@code y [pixels,out] = x [pixels,in] kernel [in,out]}; a windowed one multiplies the columns of im2col.cu instead of
 * {@code x}, a few samples at a time, so that the columns do not take more memory than the network.
 *
 * @param kernel the name of the kernel's parameter
 * @param x the input
 * @param y the output
 */
record CublasConvolution(Bindings at, String kernel, Window window, int in, int out, int x, int y)
    implements Convolution {
  /** The most memory for columns: 64 MiB are 49 samples of the stem at 224x224, and enough rows for any card. */
  private static final long MOST_COLUMN_BYTES = 1L << 26;

  private static final String COLUMNS = "im2col.cu";
  private static final int THREADS = 256;
  private static final int MOST_BLOCKS = 1 << 13;

  /** Rows of columns begin at multiples of as many bytes, which cuBLAS recommends for tensor cores. */
  private static final int ALIGNMENT = 16;

  private int inner() {
    return window.kernelH() * window.kernelW() * in;
  }

  /** Elements from one row of columns to the next. */
  private int stride() {
    int elements = ALIGNMENT / at.device().storage().bytes();
    return Math.ceilDiv(inner(), elements) * elements;
  }

  private Matrix weights() {
    return at.stored(at.parameters().storedAddress(kernel), inner(), out);
  }

  private int rows() {
    return at.count(y) / out;
  }

  @Override
  public void forward(List<Op> ops) {
    if (window.isPointwise()) {
      ops.add(at.multiply(at.matrix(x, 0, rows(), in), AS_IT_IS, weights(), AS_IT_IS, at.matrix(y, 0, rows(), out),
          Product.Store.WRITE));
      return;
    }
    for (Part part : parts()) {
      ops.add(part.columns());
      ops.add(at.multiply(part.matrix(), AS_IT_IS, weights(), AS_IT_IS,
          at.matrix(y, part.firstRow(), part.rows(), out), Product.Store.WRITE));
    }
  }

  /** The gradient of the output at {@code dy}, from a row on. */
  private Matrix gradient(long dy, int firstRow, int rows) {
    return at.stored(dy + (long) firstRow * out * at.device().storage().bytes(), rows, out);
  }

  /** {@code x^T dy}. */
  @Override
  public void kernelGradient(List<Op> ops, long dy) {
    Matrix gradient =
        new Matrix(at.parameters().gradientAddress(kernel), inner(), out, Matrix.Type.FLOAT32);
    if (window.isPointwise()) {
      ops.add(at.multiply(at.matrix(x, 0, rows(), in), TRANSPOSED, gradient(dy, 0, rows()), AS_IT_IS, gradient,
          Product.Store.WRITE));
      return;
    }
    for (Part part : parts()) {
      ops.add(part.columns());
      ops.add(at.multiply(part.matrix(), TRANSPOSED, gradient(dy, part.firstRow(), part.rows()), AS_IT_IS,
          gradient, part.firstRow() == 0 ? Product.Store.WRITE : Product.Store.ADD));
    }
  }

  /** {@code dy kernel^T}. */
  @Override
  public void inputGradient(List<Op> ops, long dy, Target dx) {
    if (window.isPointwise()) {
      ops.add(at.multiply(gradient(dy, 0, rows()), AS_IT_IS, weights(), TRANSPOSED,
          at.matrix(dx.value(), 0, rows(), in), Bindings.store(dx)));
      return;
    }
    for (Part part : parts()) {
      ops.add(at.multiply(gradient(dy, part.firstRow(), part.rows()), AS_IT_IS, weights(), TRANSPOSED,
          part.matrix(), Product.Store.WRITE));
      int count = part.samples * window.inH() * window.inW() * in;
      ops.add(at.each(COLUMNS, Bindings.kernel("col2im", dx), count, part.address, part.pixels(dx.value()),
          Bindings.structure(window), stride(), count, in));
    }
  }

  /** Samples whose columns are made together. */
  private final class Part {
    private final int firstSample;
    private final int samples;
    private final long address;

    private Part(int firstSample, int samples, long address) {
      this.firstSample = firstSample;
      this.samples = samples;
      this.address = address;
    }

    private int firstRow() {
      return firstSample * window.outH() * window.outW();
    }

    private int rows() {
      return samples * window.outH() * window.outW();
    }

    private Matrix matrix() {
      return new Matrix(address, rows(), inner(), stride(), at.device().storage().type());
    }

    /** Where these samples begin in a value of the input's shape. */
    private long pixels(int value) {
      return at.address(value) + (long) firstSample * window.inH() * window.inW() * in * at.device().storage().bytes();
    }

    private Op columns() {
      int lines = samples * window.outH();
      int threads = Math.min(THREADS, stride());
      return at.launch(COLUMNS, "im2col", new Grid(Math.min(lines, MOST_BLOCKS), 1, 1, threads, THREADS / threads),
          pixels(x), address, Bindings.structure(window), stride(), lines, in);
    }
  }

  /** @throws BackendException if there are more columns of a single sample than im2col.cu counts, in 32 bits */
  private List<Part> parts() {
    long elements = (long) window.outH() * window.outW() * stride();
    if (elements > Integer.MAX_VALUE) {
      throw new BackendException("what '" + kernel + "' is multiplied with is " + elements
          + " elements of a single image, more than 2^31 - 1: use smaller images");
    }
    long perSample = elements * at.device().storage().bytes();
    int together = Math.clamp(MOST_COLUMN_BYTES / perSample, 1, at.batch());
    long address = at.scratch(perSample * together);
    var parts = new ArrayList<Part>();
    for (int first = 0; first < at.batch(); first += together) {
      parts.add(new Part(first, Math.min(together, at.batch() - first), address));
    }
    return parts;
  }
}
