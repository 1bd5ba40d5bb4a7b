package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.json.Json;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KerasAucTest {
  @Test
  void agreesWithKeras() {
    double worst = 0;
    for (var c : AucCase.all()) {
      double area = KerasAuc.of(c.labels(), c.scores());
      worst = Math.max(worst, Math.abs(area - c.keras()));
      assertEquals(c.keras(), area, 1e-6, c.name());
    }
    System.out.println("KerasAuc against Keras: worst error " + worst);
    assertTrue(worst > 0, "Keras computes in float32, so exactly no difference means that nothing was compared");
  }

  @Test
  void agreesWithTheGoldenVector() throws IOException {
    var file = SharedData.require("reference/keras_golden_vectors.json");
    var vectors = (Map<?, ?>) Json.parse(Files.readAllBytes(file));
    var auc = (Map<?, ?>) vectors.get("auc");
    var labels = ((List<?>) auc.get("y")).stream().mapToInt(y -> ((Number) y).intValue()).toArray();
    var scores = ((List<?>) auc.get("s")).stream().mapToDouble(s -> ((Number) s).doubleValue()).toArray();
    double keras = KerasAuc.of(labels, scores);
    double exact = RocAuc.of(labels, scores);
    System.out.println("Golden vector: Keras AUC error " + (keras - ((Number) auc.get("keras200")).doubleValue())
        + ", exact AUC error " + (exact - ((Number) auc.get("exact")).doubleValue()));
    assertEquals(((Number) auc.get("keras200")).doubleValue(), keras, 1e-6);
    assertEquals(((Number) auc.get("exact")).doubleValue(), exact, 1e-12);
  }

  @Test
  void clipsProbabilities() {
    var labels = new int[] {0, 1, 1, 0};
    assertEquals(
        KerasAuc.of(labels, new double[] {0, 1, 0.3, 0.2}), KerasAuc.of(labels, new double[] {-3, 17, 0.3, 0.2}));
  }
}
