package dev.lentil.weights.fuzz;

import dev.lentil.weights.store.StoredTensor;
import dev.lentil.weights.store.TensorTable;
import dev.lentil.weights.store.WeightFileException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** What all targets do: read, and read every tensor. */
final class Fuzzed {
  static final Path FILE = Path.of("fuzzed");

  /** A reader. */
  interface Reader {
    TensorTable read(MemorySegment bytes);
  }

  private Fuzzed() {}

  /** Refusing is right, and so is reading; any other exception comes out. */
  static void read(byte[] data, Reader reader) {
    try {
      for (StoredTensor tensor : reader.read(MemorySegment.ofArray(data)).tensors().values()) {
        if (tensor.elements() > 0) {
          tensor.read();
        }
      }
    } catch (WeightFileException _) {
      // the one exception that is documented
    }
  }
}
