package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lentil.nn.Initializer;
import dev.lentil.tensor.Shape;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelTest {
  private static Model model(Map<String, String> notes) {
    var architecture = MobileNetV2.keras(0.35, 32, 32, new Head.Classifier(5));
    return new Model(architecture, InputScaling.TORCH, Initializer.weights(architecture.network(), 1), notes);
  }

  @Test
  void aNewHeadLeavesTheBaseAsItIs() {
    Model before = model(Map.of());
    Model after = before.withHead(new Head.Classifier(5), 2);
    after.weights().tensors().forEach((name, tensor) -> {
      if (!name.equals(Head.KERNEL)) {
        assertEquals(before.weights().get(name), tensor, name);
      }
    });
    assertNotEquals(before.weights().get(Head.KERNEL), after.weights().get(Head.KERNEL));
    assertEquals(InputScaling.TORCH, after.scaling());
  }

  @Test
  void aNewHeadMayHaveOtherClassesAndNoHeadIsOne() {
    Model three = model(Map.of()).withHead(Head.categories(3), 2);
    assertEquals(Shape.of(1280, 3), three.weights().get(Head.KERNEL).shape());
    assertEquals(0, three.withHead(new Head.Features(), 2).architecture().head().classes());
  }

  @Test
  void ofTheNotesTheLicenceOfTheBaseStays() {
    Model once =
        model(Map.of("licence", "Apache-2.0", "threshold", "0.3", "views", "flips")).withHead(Head.binary(), 2);
    assertEquals(Map.of("licence_of_base", "Apache-2.0"), once.notes());
    assertEquals(once.notes(), once.withHead(Head.binary(), 3).notes());
  }

  @Test
  void otherWeightsLeaveAllElse() {
    Model before = model(Map.of("licence", "Apache-2.0"));
    Model after = before.withWeights(Initializer.weights(before.architecture().network(), 9));
    assertEquals(before.architecture(), after.architecture());
    assertEquals(before.notes(), after.notes());
    assertNotEquals(before.weights().get("Conv1/kernel"), after.weights().get("Conv1/kernel"));
  }
}
