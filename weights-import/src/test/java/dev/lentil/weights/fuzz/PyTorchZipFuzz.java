package dev.lentil.weights.fuzz;

import dev.lentil.weights.pytorch.PyTorchZip;
import dev.lentil.weights.zip.ZipArchive;

/** PyTorch's archives. */
public final class PyTorchZipFuzz {
  private PyTorchZipFuzz() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] data) {
    Fuzzed.read(data, bytes -> PyTorchZip.read(Fuzzed.FILE, ZipArchive.of(Fuzzed.FILE, bytes), "a/"));
  }
}
