package dev.lentil.weights.fuzz;

import dev.lentil.weights.numpy.NumpyFiles;
import dev.lentil.weights.zip.ZipArchive;

/** Archives of NumPy. */
public final class NpzFuzz {
  private NpzFuzz() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] data) {
    Fuzzed.read(data, bytes -> NumpyFiles.archive(Fuzzed.FILE, ZipArchive.of(Fuzzed.FILE, bytes)));
  }
}
