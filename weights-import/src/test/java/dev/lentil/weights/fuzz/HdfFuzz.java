package dev.lentil.weights.fuzz;

import dev.lentil.weights.keras.KerasH5;

/** HDF5, of Keras 2 and 3. */
public final class HdfFuzz {
  private HdfFuzz() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] data) {
    Fuzzed.read(data, bytes -> KerasH5.read(Fuzzed.FILE, bytes));
  }
}
