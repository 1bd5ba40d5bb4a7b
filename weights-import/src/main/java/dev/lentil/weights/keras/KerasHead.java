package dev.lentil.weights.keras;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a Keras model's layers without weights do around its dense layer, where there is only one. */
final class KerasHead {
  private static final String LINEAR = "linear";
  private static final Set<String> ACTIVATIONS =
      Set.of("Activation", "Softmax", "ReLU", "LeakyReLU", "PReLU", "ELU", "ThresholdedReLU", "UnitNormalization");
  private static final Set<String> SEVERAL = Set.of("softmax", "log_softmax");

  private final List<Map<?, ?>> dense = new ArrayList<>();
  /** What acts on the features before the dense layer, and on its outputs. */
  private final List<String> before = new ArrayList<>();
  private final List<String> after = new ArrayList<>();
  private boolean pooled;
  private Optional<String> maximum = Optional.empty();
  /** The configuration of a layer that is the activation of the one before and so no layer by itself. */
  private Object inner = Map.of();

  /** Looks at a layer, after those before it. */
  void see(String type, Map<?, ?> config) {
    if (config == inner) {
      return;
    }
    switch (type) {
      case "Dense" -> {
        dense.add(config);
        after.add(activation(config));
      }
      case "GlobalAveragePooling2D" -> pooled = true;
      case "GlobalMaxPooling2D", "MaxPooling2D" -> maximum = Optional.of(type);
      default -> {
        if (ACTIVATIONS.contains(type) && (pooled || !dense.isEmpty())) {
          (dense.isEmpty() ? before : after)
              .add(type.equals("Activation") ? activation(config) : type.toLowerCase(Locale.ROOT));
        }
      }
    }
  }

  /** Puts what is known of it beside the model's other facts. */
  void addTo(Map<String, String> facts) {
    if (dense.size() == 1) {
      other().ifPresent(reason -> facts.put(KerasConfig.OTHER_HEAD, reason));
    }
  }

  private Optional<String> other() {
    before.removeIf(LINEAR::equals);
    after.removeIf(LINEAR::equals);
    boolean one = Long.valueOf(1).equals(dense.getFirst().get("units"));
    if (maximum.isPresent()) {
      return Optional.of("a " + maximum.get() + " where Lentil's takes the average");
    }
    if (!before.isEmpty()) {
      return Optional.of(String.join(" and ", before) + " before the dense layer");
    }
    boolean fits = after.isEmpty()
        || after.size() == 1 && (one ? after.getFirst().equals("sigmoid") : SEVERAL.contains(after.getFirst()));
    return fits
        ? Optional.empty()
        : Optional.of(String.join(" and ", after) + " behind the dense layer of " + dense.getFirst().get("units")
            + " outputs, where Lentil's has a " + (one ? "sigmoid" : "softmax"));
  }

  /** The activation's name, which stands as it is, in an object of a function, or as an object of a layer. */
  private String activation(Map<?, ?> config) {
    return switch (config.get("activation")) {
      case String name -> name;
      case Map<?, ?> function when function.get("config") instanceof String name -> name;
      case Map<?, ?> layer -> {
        inner = layer.get("config");
        yield String.valueOf(layer.get("class_name")).toLowerCase(Locale.ROOT);
      }
      case null, default -> LINEAR;
    };
  }
}
