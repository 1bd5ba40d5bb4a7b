package dev.lentil.weights.fuzz;

import dev.lentil.weights.pytorch.PyTorchLegacy;

/** PyTorch's older format, and by it the pickles. */
public final class PyTorchLegacyFuzz {
  private PyTorchLegacyFuzz() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] data) {
    Fuzzed.read(data, bytes -> PyTorchLegacy.read(Fuzzed.FILE, bytes));
  }
}
