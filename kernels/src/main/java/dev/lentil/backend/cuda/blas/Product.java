package dev.lentil.backend.cuda.blas;

/**
 * {@code c = op(a) op(b)}, or {@code c += op(a) op(b)}, with sums in float32.
 *
 * <p>cuBLAS is column-major, and a row-major matrix is its transpose in column-major order. So it is given the transposed
 * problem, {@code c^T = op(b)^T op(a)^T}, which takes the same memory as it is.
 */
public record Product(Matrix a, Form formOfA, Matrix b, Form formOfB, Matrix c, Store store) {

  /** How an operand enters; {@code code} is cuBLAS's (cublasOperation_t). */
  public enum Form {
    AS_IT_IS(0), TRANSPOSED(1);

    private final int code;

    Form(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /** What happens to the old content of {@code c}; {@code beta} is cuBLAS's. */
  public enum Store {
    WRITE(0), ADD(1);

    private final float beta;

    Store(float beta) {
      this.beta = beta;
    }

    float beta() {
      return beta;
    }
  }

  public Product {
    int inner = formOfA == Form.AS_IT_IS ? a.columns() : a.rows();
    int innerOfB = formOfB == Form.AS_IT_IS ? b.rows() : b.columns();
    int rows = formOfA == Form.AS_IT_IS ? a.rows() : a.columns();
    int columns = formOfB == Form.AS_IT_IS ? b.columns() : b.rows();
    if (inner != innerOfB || c.rows() != rows || c.columns() != columns || a.type() != b.type()) {
      throw new IllegalArgumentException("no product: " + a + " " + formOfA + ", " + b + " " + formOfB + ", " + c);
    }
  }

  /** The inner extent, over which is summed. */
  int inner() {
    return formOfA == Form.AS_IT_IS ? a.columns() : a.rows();
  }
}
