package dev.lentil.backend.cuda.nvrtc;

import dev.lentil.backend.BackendException;

/** Turns what an NVRTC call answers (nvrtcResult) into an exception. */
final class NvrtcError {
  private NvrtcError() {}

  static void check(int result, String text, String what) {
    if (result != 0) {
      throw new BackendException("NVRTC could not " + what + ": " + text + " (" + result + ")");
    }
  }

  static BackendException refused(KernelSource source, int result, String text, String log) {
    return new BackendException("NVRTC does not compile " + source.name() + ": " + text + " (" + result + ")\n"
        + log.strip() + "\nIf the card is newer than the installed CUDA, install a newer NVRTC");
  }
}
