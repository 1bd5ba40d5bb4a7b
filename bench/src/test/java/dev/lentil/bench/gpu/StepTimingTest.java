package dev.lentil.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Precision;
import dev.lentil.bench.gpu.StepTiming.Work;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StepTimingTest {
  @ParameterizedTest
  @EnumSource(Work.class)
  void measuresEveryKindOfWork(Work work) {
    var network = MobileNetV2.keras(0.35, 32, 32, Head.binary()).network();
    try (var device = Backends.named("cpu").open(new DeviceOptions(1))) {
      var timing = StepTiming.time(device, Precision.FLOAT32, network, work, 2, 0.001);
      assertTrue(timing.milliseconds() > 0);
      assertEquals(2e3 / timing.milliseconds(), timing.imagesPerSecond(), 1e-6);
      assertTrue(timing.gigabytesPerSecond() > 0);
      var document = timing.document();
      assertEquals(work.name(), document.get("work").toString().toUpperCase(Locale.ROOT).replace(' ', '_'));
      assertEquals("float32", document.get("precision"));
      assertEquals(2, document.get("batch"));
    }
  }
}
