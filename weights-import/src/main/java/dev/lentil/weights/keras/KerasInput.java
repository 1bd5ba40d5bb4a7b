package dev.lentil.weights.keras;

import dev.lentil.mobilenetv2.ModelMetadata;
import dev.lentil.weights.scheme.InputArithmetic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * What a Keras model's layers of preprocessing do to its input. Source: Keras rescaling.py and normalization.py.
 */
final class KerasInput {
  private final InputArithmetic arithmetic = new InputArithmetic();
  private String unknown = "";

  void rescaling(Map<?, ?> config) {
    Optional<double[]> scale = numbers(config.get("scale"));
    Optional<double[]> offset = numbers(config.get("offset"));
    if (scale.isPresent() && offset.isPresent()) {
      arithmetic.multiply(scale.get());
      arithmetic.add(offset.get());
    } else {
      unknown = "a Rescaling layer by " + config.get("scale") + " and " + config.get("offset");
    }
  }

  void normalization(Map<?, ?> config) {
    Optional<double[]> mean = numbers(config.get("mean"));
    Optional<double[]> variance = numbers(config.get("variance"));
    if (mean.isPresent() && variance.isPresent() && !Boolean.TRUE.equals(config.get("invert"))) {
      arithmetic.add(DoubleStream.of(mean.get()).map(value -> -value).toArray());
      arithmetic.multiply(DoubleStream.of(variance.get()).map(value -> 1 / Math.sqrt(value)).toArray());
    } else {
      unknown = "a Normalization layer with the mean " + config.get("mean") + " and the variance "
          + config.get("variance") + (mean.isPresent() ? "" : ", which were learnt from images");
    }
  }

  /** Puts what is known of it beside the model's other facts. */
  void addTo(Map<String, String> facts) {
    if (!unknown.isEmpty()) {
      facts.put(KerasConfig.OTHER_INPUT_SCALING, unknown);
    } else if (!arithmetic.nothing()) {
      arithmetic.known().ifPresentOrElse(scaling -> facts.put(ModelMetadata.INPUT_SCALING, scaling.text()),
          () -> facts.put(KerasConfig.OTHER_INPUT_SCALING, arithmetic.toString()));
    }
  }

  /** A number, or as many as there are channels, in lists of any depth; empty if it is something else. */
  private static Optional<double[]> numbers(Object json) {
    double[] numbers = flat(json).toArray();
    return InputArithmetic.fits(numbers) ? Optional.of(numbers) : Optional.empty();
  }

  private static DoubleStream flat(Object json) {
    return switch (json) {
      case Number number -> DoubleStream.of(number.doubleValue());
      case List<?> list -> list.stream().flatMapToDouble(KerasInput::flat);
      case null, default -> DoubleStream.empty();
    };
  }
}
