package dev.lentil.backend.cuda.driver;

import dev.lentil.backend.BackendException;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Turns what a driver call answers into an exception that names the call, the error and the remedy. */
final class CudaError {
  /** Not of nvidia-smi, which counts otherwise. */
  static final String CHOOSE =
      "Choose a card of those that `lentil doctor` lists; CUDA numbers what CUDA_VISIBLE_DEVICES lets it see, the fastest "
          + "first, or as nvidia-smi does with CUDA_DEVICE_ORDER=PCI_BUS_ID";

  /** For errors after which every call of this process fails. */
  private static final String LOST =
      "The card is lost to this process: start again, from the last checkpoint; if it comes back, ";

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
    return of(result, what, remedy(result));
  }

  /** For calls that know the remedy better. */
  static BackendException of(int result, String what, String remedy) {
    return new BackendException("CUDA could not " + what + ": " + name(result) + ". " + remedy);
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
      case CUresult.CUDA_ERROR_INVALID_DEVICE -> CHOOSE;
      case CUresult.CUDA_ERROR_STUB_LIBRARY ->
          "What was loaded is a toolkit's stub and no driver: take the folder of stubs out of LENTIL_CUDA_PATH and "
              + "LD_LIBRARY_PATH";
      case CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE ->
          "Another program has the card to itself, or nobody may calculate on it: `nvidia-smi -q -d COMPUTE` says "
              + "which, `nvidia-smi -c DEFAULT` as administrator lets programs share it";
      case CUresult.CUDA_ERROR_SYSTEM_NOT_READY ->
          "Its driver is still starting, or on a machine whose cards are joined by NVSwitch the fabric manager does not "
              + "run: look at `systemctl status nvidia-fabricmanager`";
      case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH ->
          "The kernel module and the driver's library differ: restart the machine, or reinstall the NVIDIA driver";
      case CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE ->
          "The driver's library is of a cuda-compat package, which this card does not take: remove it from where the "
              + "system's loader looks, or update the NVIDIA driver";
      case CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
          CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE, CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
          CUresult.CUDA_ERROR_INVALID_PC, CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR, CUresult.CUDA_ERROR_ASSERT,
          CUresult.CUDA_ERROR_LAUNCH_FAILED, CUresult.CUDA_ERROR_LAUNCH_TIMEOUT ->
          LOST + "run `lentil demo --device cuda` and look at the system's log for the card's own errors (Xid)";
      case CUresult.CUDA_ERROR_ECC_UNCORRECTABLE, CUresult.CUDA_ERROR_NVLINK_UNCORRECTABLE ->
          LOST + "restart the machine: the card's memory or links fail, and `nvidia-smi -q` and the system's log (Xid) "
              + "say how";
      case CUresult.CUDA_ERROR_UNKNOWN ->
          LOST + "see whether nvidia-smi still lists the card, and restart the machine if it does not; the system's log "
              + "(Xid) says why";
      case CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU, CUresult.CUDA_ERROR_INVALID_IMAGE,
          CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION ->
          "The compiled kernels do not fit this card or driver: update the driver";
      default -> "See `lentil doctor` for what was found on this machine";
    };
  }
}
