package dev.lentil.backend.cuda.blas;

/**
 * How products of float32 matrices are calculated. cuBLAS is told by the call (cublasComputeType_t) or, in its older form,
 * by the handle's math mode (cublasMath_t).
 */
public enum Arithmetic {
  /** float32 throughout. */
  FLOAT32(68, 0),
  /** Factors rounded to TF32 (10 bits of mantissa) for the tensor cores, sums in float32. */
  TF32(77, 3);

  /** CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION: parts of a sum are not joined in bfloat16, where the result is. */
  private static final int JOIN_IN_FLOAT32 = 16;

  private final int computeType;
  private final int mathMode;

  Arithmetic(int computeType, int mathMode) {
    this.computeType = computeType;
    this.mathMode = mathMode;
  }

  int computeType() {
    return computeType;
  }

  int mathMode() {
    return mathMode | JOIN_IN_FLOAT32;
  }
}
