package dev.lentil.weights.fuzz;

import dev.lentil.weights.safetensors.SafetensorsReader;

/** Safetensors. */
public final class SafetensorsFuzz {
  private SafetensorsFuzz() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] data) {
    Fuzzed.read(data, bytes -> SafetensorsReader.read(Fuzzed.FILE, bytes));
  }
}
