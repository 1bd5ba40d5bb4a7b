package dev.lentil.backend.cuda.blas;

import dev.lentil.backend.BackendException;

/** Turns what a cuBLAS call answers (cublasStatus_t) into an exception. */
final class BlasError {
  private BlasError() {}

  static void check(int status, String what) {
    if (status != 0) {
      throw new BackendException("cuBLAS could not " + what + ": " + name(status));
    }
  }

  private static String name(int status) {
    return switch (status) {
      case 1 -> "not initialised (1). The driver may be older than the library: compare `lentil doctor` and nvidia-smi";
      case 3 -> "out of memory (3). Use a smaller batch, or end other programs on the card";
      case 7 -> "invalid value (7)";
      case 8 -> "architecture mismatch (8). This card is too old for this library";
      case 13 -> "execution failed (13). The card is lost to this process: start again, from the last checkpoint";
      case 14 -> "internal error (14). Start again; if it comes back, install another version of cuBLAS";
      case 15 -> "not supported (15). This card cannot calculate in that type: choose float32";
      default -> "status " + status;
    };
  }
}
