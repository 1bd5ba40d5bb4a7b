package dev.lentil.backend.cuda.blas;

/** The products that Lentil needs of cuBLAS. Work goes to the stream that it was opened with. */
public sealed interface Blas extends AutoCloseable permits JCublas, NativeCublas {
  /** Enough for every product that cuBLAS splits, on any card so far; cuBLAS's own default on Hopper. */
  long WORKSPACE_BYTES = 32L << 20;

  /** For {@link dev.lentil.backend.cuda.driver.Ledger}. */
  String KIND = "cuBLAS handle";

  /** For people: the library and its version. */
  String describe();

  void multiply(Product product);

  @Override
  void close();
}
