package dev.lentil.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceChoiceTest {
  private static final DeviceOptions OPTIONS = new DeviceOptions(2);

  @Test
  void byName() {
    var choice = DeviceChoice.of("reference", OPTIONS);
    assertEquals("reference", choice.backend().name());
    assertEquals(OPTIONS, choice.options());
    try (Device device = choice.open()) {
      assertTrue(device.describe().startsWith("reference"), device.describe());
    }
  }

  @Test
  void withTheNumberOfACard() {
    assertEquals(OPTIONS.withCard(3), DeviceChoice.of("cpu:3", OPTIONS).options());
  }

  /** This module has no card's backend. */
  @Test
  void automaticallyTheProcessor() {
    assertEquals("cpu", DeviceChoice.of("auto", OPTIONS).backend().name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu:", "cpu:one", "cpu:-1", "cpu:12345"})
  void whatNamesNoCard(String name) {
    var problem = assertThrows(BackendException.class, () -> DeviceChoice.of(name, OPTIONS));
    assertTrue(problem.getMessage().contains("cuda:0"), problem.getMessage());
  }

  @Test
  void whatThereIsNot() {
    var problem = assertThrows(BackendException.class, () -> DeviceChoice.of("abacus:1", OPTIONS));
    assertTrue(problem.getMessage().contains("'abacus'") && problem.getMessage().contains("cpu"), problem.getMessage());
  }
}
