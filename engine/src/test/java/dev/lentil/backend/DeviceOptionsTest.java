package dev.lentil.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceOptionsTest {
  @Test
  void theFirstCardInFloat32UnlessAskedOtherwise() {
    var options = new DeviceOptions(3);
    assertEquals(new DeviceOptions(3, 0, Precision.FLOAT32), options);
    assertEquals(new DeviceOptions(3, 1, Precision.TF32), options.withCard(1).withPrecision(Precision.TF32));
  }

  @Test
  void impossibleValuesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new DeviceOptions(0));
    assertThrows(IllegalArgumentException.class, () -> DeviceOptions.defaults().withCard(-1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "reference"})
  void whatTheProcessorCannotDoIsRefused(String backend) {
    var options = DeviceOptions.defaults().withPrecision(Precision.BFLOAT16);
    var problem = assertThrows(BackendException.class, () -> Backends.named(backend).open(options));
    assertTrue(problem.getMessage().contains("bfloat16") && problem.getMessage().contains(backend),
        problem.getMessage());
  }

  @Test
  void precisionsAreFoundByName() {
    for (Precision precision : Precision.values()) {
      assertEquals(precision, Precision.of(precision.text()));
    }
    assertThrows(IllegalArgumentException.class, () -> Precision.of("float16"));
  }
}
