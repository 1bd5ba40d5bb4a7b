package dev.lentil.weights.fuzz;

import dev.lentil.weights.keras.KerasArchive;
import dev.lentil.weights.zip.ZipArchive;

/** Archives of Keras 3. */
public final class KerasArchiveFuzz {
  private KerasArchiveFuzz() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] data) {
    Fuzzed.read(data, bytes -> KerasArchive.read(Fuzzed.FILE, ZipArchive.of(Fuzzed.FILE, bytes)));
  }
}
