package dev.lentil.bench.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.bench.compare.RandomModel;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import org.junit.jupiter.api.Test;

class HeadEpochTest {
  @Test
  void measuresEveryPart() {
    HeadEpoch epoch =
        HeadEpoch.measure(RandomModel.of(MobileNetV2.keras(0.35, 32, 32, new Head.Classifier(10))), 1, 2, 1);
    assertEquals(64, epoch.images());
    assertTrue(epoch.training() > 0 && epoch.inference() > 0 && epoch.augmentation() > 0);
    assertEquals(epoch.training() / (epoch.inference() + epoch.augmentation()), epoch.ratio(), 1e-12);
    assertTrue(epoch.text().contains("64 images"));
    assertEquals(epoch.ratio(), epoch.document().get("ratio"));
  }
}
