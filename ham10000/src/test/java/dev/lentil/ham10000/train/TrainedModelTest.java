package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.Initializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainedModelTest {
  private static TrainingConfig config(String... more) {
    var settings = new ArrayList<>(List.of("alpha=0.35", "resolution=32x32", "weights=base.safetensors", "seed=7"));
    settings.addAll(List.of(more));
    return TrainingConfig.of(List.of(), settings);
  }

  private static Model base(Head head, InputScaling scaling) {
    var architecture = MobileNetV2.keras(0.35, 32, 32, head);
    return new Model(architecture, scaling, Initializer.weights(architecture.network(), 3), Map.of());
  }

  /** A run that begins with the weights of another one does not begin with what that learned of malignancy. */
  @Test
  void theHeadIsNewThoughTheFileHasOneOfTheSameShape() {
    var base = base(new Head.Transfer(1, 0.3), InputScaling.MINUS_ONE_TO_ONE);
    float[] learned = base.weights().get("predictions/bias").floats();
    learned[0] = 5;
    var untrained = TrainedModel.untrained(config(), base);
    var fresh = Initializer.weights(untrained.architecture().network(), 7);
    for (String name : untrained.weights().tensors().keySet()) {
      var expected = name.startsWith("predictions/") ? fresh : base.weights();
      assertArrayEquals(expected.get(name).floats(), untrained.weights().get(name).floats(), name);
    }
    assertEquals(0, untrained.weights().get("predictions/bias").floats()[0]);
  }

  /** torchvision's and timm's weights on what Keras's expect would train, and end lower, for a reason that nobody sees. */
  @Test
  void aDefaultDoesNotOverruleWhatTheWeightsAreFor() {
    var base = base(new Head.Features(), InputScaling.TORCH);
    assertEquals("default, key normalization: 'x/127.5-1' cannot be used; base.safetensors has weights for an input of "
        + "(x/255-mean)/std; take that with --set \"normalization=(x/255-mean)/std\", or the default all the same with "
        + "--set normalization=x/127.5-1",
        assertThrows(ConfigException.class, () -> TrainedModel.untrained(config(), base)).getMessage());
    for (var wanted : List.of(InputScaling.TORCH, InputScaling.MINUS_ONE_TO_ONE)) {
      assertEquals(wanted, TrainedModel.untrained(config("normalization=" + wanted.text()), base).scaling());
    }
  }
}
