package dev.lentil.bench.compare;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.bench.contender.Images;
import dev.lentil.bench.contender.LentilInference;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.Initializer;
import dev.lentil.nn.Weights;
import org.junit.jupiter.api.Test;

class RandomModelTest {
  /** How far apart the outputs of two images are, at most. */
  private static double spread(MobileNetV2 architecture, Weights weights) {
    try (var inference =
        new LentilInference(architecture.network(), weights, Images.random(architecture.network(), 2, 1), 1)) {
      float[] outputs = inference.run();
      double spread = 0;
      for (int i = 0; i < outputs.length / 2; i++) {
        spread = Math.max(spread, Math.abs(outputs[i] - outputs[i + outputs.length / 2]));
      }
      return spread;
    }
  }

  @Test
  void imagesThatDifferGiveOutputsThatDiffer() {
    var architecture = MobileNetV2.keras(0.35, 64, 64, new Head.Classifier(10));
    Model model = RandomModel.of(architecture);
    double spread = spread(architecture, model.weights());
    double without = spread(architecture, Initializer.weights(architecture.network(), 42));
    System.out.printf("outputs of two images differ by %.2g, without moving statistics by %.2g%n", spread, without);
    assertTrue(spread > 1e-2, "spread " + spread);
    assertTrue(without < 1e-3, "why the moving statistics are taken from images: " + without);
  }
}
