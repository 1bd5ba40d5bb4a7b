package dev.lentil.backend.cuda.driver;

import dev.lentil.backend.BackendException;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Turns what a driver call answers into an exception that names the call, the error and the remedy. */
final class CudaError {
  private CudaError() {}

  /**
   * @param what was attempted, for people: {@code "take 2.0 GiB of device memory"}
   * @throws BackendException unless the result is success
   */
  static void check(int result, String what) {
    if (result != CUresult.CUDA_SUCCESS) {
      throw of(result, what);
    }
  }

  static BackendException of(int result, String what) {
    return new BackendException("CUDA could not " + what + ": " + name(result) + ". " + remedy(result));
  }

  private static String name(int result) {
    String[] name = new String[1];
    JCudaDriver.cuGetErrorName(result, name);
    return (name[0] == null ? "error" : name[0]) + " (" + result + ")";
  }

  static String remedy(int result) {
    return switch (result) {
      case CUresult.CUDA_ERROR_OUT_OF_MEMORY ->
          "The card's memory is full: use a smaller batch, or end other programs on the card (nvidia-smi lists them)";
      case CUresult.CUDA_ERROR_NO_DEVICE ->
          "The driver sees no card: check nvidia-smi, CUDA_VISIBLE_DEVICES, and that a container was given the card";
      case CUresult.CUDA_ERROR_INVALID_DEVICE -> "Choose a card that is there: nvidia-smi -L lists them";
      case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH, CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE ->
          "The kernel module and the driver's library differ: restart the machine, or reinstall the NVIDIA driver";
      case CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, CUresult.CUDA_ERROR_LAUNCH_FAILED,
          CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
          CUresult.CUDA_ERROR_LAUNCH_TIMEOUT, CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR ->
          "The card is lost to this process: start again, from the last checkpoint; if it comes back, run `lentil "
              + "selftest --backend cuda` and look at the system's log for the card's own errors";
      case CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU, CUresult.CUDA_ERROR_INVALID_IMAGE,
          CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION ->
          "The compiled kernels do not fit this card or driver: delete Lentil's kernel cache and update the driver";
      default -> "See `lentil doctor` for what was found on this machine";
    };
  }
}
