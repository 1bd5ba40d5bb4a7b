package dev.lentil.weights.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.weights.store.WeightFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KerasConfigTest {
  @Test
  void theConfigurationIsUnderstood() {
    String json = """
        {"class_name": "Functional", "config": {"layers": [
          {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 150, 200, 3]}},
          {"class_name": "Rescaling", "config": {"scale": 0.00392156862745098, "offset": 0.0}},
          {"class_name": "Functional", "config": {"layers": [
            {"class_name": "BatchNormalization", "config": {"momentum": 0.99, "epsilon": 1e-05}}]}},
          {"class_name": "ZeroPadding2D", "config": {"padding": [[0, 1], [0, 1]]}},
          {"class_name": "Dropout", "config": {"rate": 0.2}}]}}""";
    assertEquals(
        Map.of("padding", "keras", "resolution", "150x200", "bn_epsilon", "1.0E-5", "bn_momentum", "0.99", "dropout",
            "0.2", "head",
            "transfer", "input_scaling", "x/255"),
        KerasConfig.facts(Path.of("x.h5"), json));
    assertThrows(WeightFileException.class, () -> KerasConfig.facts(Path.of("x.h5"), "{"));
  }

  private static Map<String, String> facts(String layers) {
    return KerasConfig.facts(Path.of("x.h5"), "[" + layers.replace('`', '"') + "]");
  }

  private static String layer(String type, String config) {
    return "{`class_name`: `" + type + "`, `config`: {" + config + "}}";
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"3|`softmax`|", "3|`linear`|", "3|null|", "1|`sigmoid`|", "1|`linear`|",
      "3|`log_softmax`|", "3|{`class_name`: `function`, `config`: `softmax`}|",
      "3|`sigmoid`|sigmoid behind the dense layer of 3 outputs, where Lentil's has a softmax",
      "3|{`class_name`: `function`, `config`: `sigmoid`}|sigmoid behind the dense layer of 3 outputs, where Lentil's "
          + "has a softmax",
      "3|{`class_name`: `ReLU`, `config`: {}}|relu behind the dense layer of 3 outputs, where Lentil's has a softmax",
      "1|`softmax`|softmax behind the dense layer of 1 outputs, where Lentil's has a sigmoid",
      "1|`tanh`|tanh behind the dense layer of 1 outputs, where Lentil's has a sigmoid"})
  void theDenseLayersActivation(long units, String activation, String other) {
    String dense = layer("Dense", "`units`: " + units + ", `activation`: " + activation);
    assertEquals(Optional.ofNullable(other), Optional.ofNullable(facts(dense).get(KerasConfig.OTHER_HEAD)));
    // of two dense layers none is taken, whatever their activations are
    assertEquals(Map.of(), facts(dense + "," + dense));
  }

  @Test
  void layersWithoutWeightsInTheHead() {
    String pool = layer("GlobalAveragePooling2D", "");
    String dense = layer("Dense", "`units`: 3, `activation`: `linear`");
    String relu = layer("ReLU", "`max_value`: 6.0");
    String softmax = layer("Activation", "`activation`: `softmax`");
    assertEquals(Map.of(), facts(String.join(",", relu, pool, dense, softmax)));
    assertEquals(Map.of(), facts(String.join(",", relu, pool, dense, layer("Softmax", "`axis`: -1"))));
    assertEquals(Map.of("other_head", "relu before the dense layer"),
        facts(String.join(",", pool, relu, dense)));
    assertEquals(Map.of("other_head", "softmax and relu behind the dense layer of 3 outputs, where Lentil's has a "
        + "softmax"), facts(String.join(",", pool, dense, softmax, relu)));
    assertEquals(Map.of("other_head", "a GlobalMaxPooling2D where Lentil's takes the average"),
        facts(String.join(",", relu, layer("GlobalMaxPooling2D", ""), dense)));
    // the features alone are not pooled
    assertEquals(Map.of(), facts(layer("GlobalMaxPooling2D", "")));
  }

  @Test
  void scalingsOfTheInput() {
    String to1 = layer("Rescaling", "`scale`: 0.00392156862745098, `offset`: 0.0");
    String imageNet =
        layer("Normalization", "`mean`: [0.485, 0.456, 0.406], `variance`: [0.052441, 0.050176, 0.050625]");
    assertEquals(Map.of("input_scaling", "(x/255-mean)/std"), facts(to1 + "," + imageNet));
    assertEquals(Map.of("input_scaling", "x/127.5-1"), facts(layer("Normalization", "`mean`: 127.5, `variance`: "
        + 127.5 * 127.5)));
    assertEquals(Map.of("input_scaling", "x/127.5-1"),
        facts(layer("Rescaling", "`scale`: 0.00784313725490196, `offset`: [-1, -1, -1]")));
    assertEquals(Map.of("other_input_scaling", "x*0.5+0.0"),
        facts(layer("Rescaling", "`scale`: 0.5, `offset`: 0")));
    assertEquals(Map.of("other_input_scaling",
        "a Normalization layer with the mean null and the variance null, which were learnt from images"),
        facts(layer("Normalization", "`mean`: null, `variance`: null")));
  }
}
