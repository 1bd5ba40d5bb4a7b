package dev.lentil.backend.cuda.dnn;

import dev.lentil.backend.BackendException;
import jcuda.jcudnn.JCudnn;

/** Turns what a cuDNN call answers (cudnnStatus_t) into an exception. JCudnn's names for it are those of version 8. */
final class CudnnError {
  /** CUDNN_STATUS_NOT_SUPPORTED and its kinds. */
  private static final int NOT_SUPPORTED = 3000;

  private CudnnError() {}

  static void check(int status, String what) {
    if (status != 0) {
      throw new BackendException("cuDNN could not " + what + ": " + JCudnn.cudnnGetErrorString(status) + " (" + status
          + "). " + remedy(status));
    }
  }

  static boolean isNotSupported(int status) {
    return status / 1000 == NOT_SUPPORTED / 1000;
  }

  private static String remedy(int status) {
    return switch (status / 1000) {
      case 1 -> "The driver may be older than the library, or a part of cuDNN missing: compare `lentil doctor` and "
          + "nvidia-smi, or do without cuDNN by -D" + CudnnChoice.PROPERTY + "=none";
      case 5 -> "The card is lost to this process: start again, from the last checkpoint";
      default -> "Do without cuDNN by -D" + CudnnChoice.PROPERTY + "=none";
    };
  }
}
