package dev.lentil.backend.cuda.blas;

/**
 * A row-major matrix in device memory.
 *
 * @param stride elements from one row to the next
 */
public record Matrix(long address, int rows, int columns, int stride, Type type) {

  /** One whose rows follow each other without a gap. */
  public Matrix(long address, int rows, int columns, Type type) {
    this(address, rows, columns, columns, type);
  }

  /** How an element is stored; {@code code} is cuBLAS's (cudaDataType). */
  public enum Type {
    FLOAT32(0), BFLOAT16(14);

    private final int code;

    Type(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }
}
