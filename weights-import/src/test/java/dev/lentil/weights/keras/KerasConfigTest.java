package dev.lentil.weights.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.weights.store.WeightFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
}
