package dev.lentil.weights.fuzz;

import dev.lentil.json.Json;
import dev.lentil.json.JsonException;
import dev.lentil.weights.keras.KerasConfig;
import dev.lentil.weights.safetensors.SafetensorsReader;
import dev.lentil.weights.store.FileBytes;
import dev.lentil.weights.tensorflowjs.LayersModel;
import java.util.Map;

/** Documents: TensorFlow.js's models and indices of safetensors. */
public final class LayersModelFuzz {
  private LayersModelFuzz() {}

  /** What Jazzer calls. */
  public static void fuzzerTestOneInput(byte[] data) {
    try (var files = new FileBytes()) {
      if (Json.parse(data) instanceof Map<?, ?> json) {
        Fuzzed.read(data, _ -> LayersModel.read(Fuzzed.FILE, json, KerasConfig.facts(json), files));
        Fuzzed.read(data, _ -> SafetensorsReader.readShards(Fuzzed.FILE, json, files));
      }
    } catch (JsonException _) {
      // no document
    }
  }
}
