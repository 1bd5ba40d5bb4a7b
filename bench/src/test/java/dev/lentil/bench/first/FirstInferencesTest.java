package dev.lentil.bench.first;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.bench.compare.RandomModel;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstInferencesTest {
  @Test
  void everyProgramJudgesEveryImage() {
    var model = RandomModel.of(MobileNetV2.keras(0.35, 32, 48, new Head.Classifier(10)));
    FirstInferences first = FirstInferences.measure(model, 1, 6);
    assertEquals(List.of("Lentil", "Lentil, plain loops", "ONNX Runtime"),
        first.rows().stream().map(row -> row.program().text()).toList());
    first.rows().forEach(row -> {
      assertEquals(6, row.images().size());
      assertTrue(row.open() > 0 && row.images().stream().allMatch(time -> time > 0), row.toString());
    });
    assertTrue(first.text().contains("image 5") && !first.text().contains("image 10"), first.text());
  }
}
