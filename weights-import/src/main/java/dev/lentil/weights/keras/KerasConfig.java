package dev.lentil.weights.keras;

import dev.lentil.json.Json;
import dev.lentil.json.JsonException;
import dev.lentil.mobilenetv2.InputScaling;
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
  private KerasConfig() {}

  /**
   * @param json the text of {@code model_config}
   * @throws WeightFileException if it is no JSON, or rescales the input in a way that no {@link InputScaling} is
   */
  static Map<String, String> facts(Path path, String json) {
    try {
      return facts(path, Json.parse(json));
    } catch (JsonException e) {
      throw new WeightFileException(path,
          "the model's configuration is damaged (" + e.getMessage() + "); get it again", e);
    }
  }

  /**
   * As {@link #facts(Path, String)}, of a document that has been parsed.
   */
  public static Map<String, String> facts(Path path, Object root) {
    var facts = new LinkedHashMap<String, String>();
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
            facts.putIfAbsent("resolution", height.equals(width) ? height.toString() : height + "x" + width);
          }
        }
        case "BatchNormalization" -> {
          facts.putIfAbsent("bn_epsilon", String.valueOf(config.get("epsilon")));
          facts.putIfAbsent("bn_momentum", String.valueOf(config.get("momentum")));
        }
        // Keras's correct_pad; on an odd extent it pads both sides, from which nothing could be told.
        case "ZeroPadding2D" -> {
          List<Long> uneven = List.of(0L, 1L);
          if (List.of(uneven, uneven).equals(config.get("padding"))) {
            facts.put("padding", "keras");
          }
        }
        case "Dropout" -> {
          facts.put("dropout", String.valueOf(config.get("rate")));
          facts.put("head", "transfer");
        }
        case "Rescaling" -> facts.put("input_scaling", scaling(path, config));
        default -> {}
      }
    }
    return facts;
  }

  private static String scaling(Path path, Map<?, ?> config) {
    if (config.get("scale") instanceof Number scale && config.get("offset") instanceof Number offset) {
      if (Math.abs(scale.doubleValue() * 127.5 - 1) < 1e-6 && offset.doubleValue() == -1) {
        return InputScaling.MINUS_ONE_TO_ONE.text();
      }
      if (Math.abs(scale.doubleValue() * 255 - 1) < 1e-6 && offset.doubleValue() == 0) {
        return InputScaling.ZERO_TO_ONE.text();
      }
    }
    throw new WeightFileException(path, "the model rescales its input by " + config.get("scale") + " and "
        + config.get("offset") + ", which is neither x/127.5-1 nor x/255");
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
