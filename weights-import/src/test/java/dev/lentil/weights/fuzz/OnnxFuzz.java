package dev.lentil.weights.fuzz;

import dev.lentil.weights.onnx.OnnxReader;
import dev.lentil.weights.scheme.GraphRecogniser;
import dev.lentil.weights.store.FileBytes;

/** ONNX, and the recognition of a network in its graph. */
public final class OnnxFuzz {
  private OnnxFuzz() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] data) {
    try (var files = new FileBytes()) {
      Fuzzed.read(data, bytes -> {
        var table = OnnxReader.read(Fuzzed.FILE, bytes, files);
        GraphRecogniser.recognise(Fuzzed.FILE, table.tensors(), table.graph(), table.metadata());
        return table;
      });
    }
  }
}
