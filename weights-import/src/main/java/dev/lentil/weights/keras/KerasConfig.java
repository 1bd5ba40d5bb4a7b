package dev.lentil.weights.keras;

import dev.lentil.json.Json;
import dev.lentil.json.JsonException;
import dev.lentil.mobilenetv2.ModelMetadata;
import dev.lentil.weights.store.WeightFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a Keras model's stored configuration says about the network, as {@link dev.lentil.mobilenetv2.ModelMetadata}.
 */
public final class KerasConfig {
  /** Under this key stands how the input is scaled, where Lentil knows no such scaling. */
  public static final String OTHER_INPUT_SCALING = "other_input_scaling";
  /** Under this key stands what the head has, where Lentil has no such head. */
  public static final String OTHER_HEAD = "other_head";

  private KerasConfig() {}

  /**
   * @param json the text of {@code model_config}
   * @throws WeightFileException if it is no JSON
   */
  static Map<String, String> facts(Path path, String json) {
    try {
      return facts(Json.parse(json));
    } catch (JsonException e) {
      throw new WeightFileException(path,
          "the model's configuration is damaged (" + e.getMessage() + "); get it again", e);
    }
  }

  /**
   * As {@link #facts(Path, String)}, of a document that has been parsed.
   */
  public static Map<String, String> facts(Object root) {
    var facts = new LinkedHashMap<String, String>();
    var input = new KerasInput();
    var head = new KerasHead();
    for (Map<?, ?> layer : layers(root)) {
      if (!(layer.get("class_name") instanceof String type) || !(layer.get("config") instanceof Map<?, ?> config)) {
        continue;
      }
      switch (type) {
        case "InputLayer" -> {
          Object shape =
              config.containsKey("batch_shape") ? config.get("batch_shape") : config.get("batch_input_shape");
          if (shape instanceof List<?> extents && extents.size() == 4 && extents.get(1) instanceof Long height
              && extents.get(2) instanceof Long width) {
            facts.putIfAbsent(ModelMetadata.RESOLUTION, ModelMetadata.resolutionText(height, width));
          }
        }
        case "BatchNormalization" -> {
          facts.putIfAbsent(ModelMetadata.BN_EPSILON, String.valueOf(config.get("epsilon")));
          facts.putIfAbsent(ModelMetadata.BN_MOMENTUM, String.valueOf(config.get("momentum")));
        }
        // Keras's correct_pad; on an odd extent it pads both sides, from which nothing could be told.
        case "ZeroPadding2D" -> {
          List<Long> uneven = List.of(0L, 1L);
          if (List.of(uneven, uneven).equals(config.get("padding"))) {
            facts.put(ModelMetadata.PADDING, "keras");
          }
        }
        case "Dropout" -> {
          facts.put("dropout", String.valueOf(config.get("rate")));
          facts.put("head", "transfer");
        }
        case "Rescaling" -> input.rescaling(config);
        case "Normalization" -> input.normalization(config);
        default -> head.see(type, config);
      }
    }
    input.addTo(facts);
    head.addTo(facts);
    return facts;
  }

  /** Every object that has a class name, from the outside inwards, in order. */
  private static List<Map<?, ?>> layers(Object json) {
    var found = new ArrayList<Map<?, ?>>();
    switch (json) {
      case Map<?, ?> map -> {
        if (map.containsKey("class_name")) {
          found.add(map);
        }
        map.values().forEach(value -> found.addAll(layers(value)));
      }
      case List<?> list -> list.forEach(value -> found.addAll(layers(value)));
      default -> {}
    }
    return found;
  }
}
