package dev.lentil.bench.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.bench.Work;
import dev.lentil.bench.compare.RandomModel;
import dev.lentil.bench.contender.TrainingTask;
import dev.lentil.json.Json;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.Summary;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayerProfileTest {
  @Test
  void everyStepOfARealPlanIsTimed() {
    Model model = RandomModel.of(MobileNetV2.keras(0.35, 32, 32, new Head.Classifier(10)));
    LayerProfile profile = LayerProfile.inference(model, 2, 1, Duration.ZERO);
    assertTrue(profile.wholeMicros() > 0);
    assertTrue(profile.rows().size() > 20, profile.rows().size() + " steps");
    assertTrue(profile.rows().getFirst().layers().startsWith("Conv1"), profile.rows().getFirst().toString());
    assertEquals("softmax", profile.rows().getLast().layers());
    assertTrue(ProfileText.text(profile).contains("Sum of the steps"));
    var document = (Map<?, ?>) Json.parse(Json.compact(ProfileText.document(profile)));
    assertEquals(profile.rows().size(), ((List<?>) document.get("steps")).size());
  }

  @Test
  void everyStepOfATrainingPlanIsTimed() {
    Model model = RandomModel.of(MobileNetV2.keras(0.35, 32, 32, new Head.Classifier(10)));
    LayerProfile profile = LayerProfile.training(model, 2, 2, Duration.ZERO);
    assertEquals("Conv1", profile.rows().getFirst().layers());
    assertEquals("Update", profile.rows().getLast().step());
    assertTrue(profile.rows().stream().allMatch(row -> row.micros() > 0.01), profile.rows()::toString);
    // the update moves no activations, and so has no roofline
    assertFalse(ProfileText.text(profile).contains("Infinity"), ProfileText.text(profile));
    // forward once, back twice, but for the gradient of the image
    var network = TrainingTask.of(model, 2).network();
    var layers = Summary.of(network).layers();
    long first = layers.stream().filter(row -> row.name().equals("Conv1")).findFirst().orElseThrow().multiplyAdds();
    assertEquals(2 * (3 * Summary.of(network).multiplyAdds() - first) / 1e6,
        profile.rows().stream().mapToDouble(LayerProfile.Row::millionMultiplyAdds).sum(), 1e-9);
  }

  @Test
  void ratesAreThoseOfEachStep() {
    var steps = List.of(new StepWork("Step", List.of("a"), new Work(4e6, 1024)),
        new StepWork("Step", List.of("b"), new Work(0, 1 << 20)));
    LayerProfile profile = LayerProfile.profile(steps, new double[] {5, 20, 0}, 40, 1, 1);
    assertEquals(40, profile.wholeMicros());
    LayerProfile.Row first = profile.rows().getFirst();
    assertEquals(20, first.micros());
    assertEquals(200, first.gigaflops());
    assertEquals(4e6 / profile.peakGigaflops() / 1e3, first.rooflineMicros(), 1e-9);
    LayerProfile.Row second = profile.rows().getLast();
    assertTrue(second.micros() > 0, "a rate needs a time");
    assertEquals((1 << 20) / second.copyGigabytes() / 1e3, second.rooflineMicros(), 1e-9);
  }
}
