package dev.lentil.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Precision;
import dev.lentil.backend.cuda.CudaBackend;
import dev.lentil.backend.cuda.emulation.OnCard;
import dev.lentil.bench.gpu.StepProfile.Case;
import dev.lentil.bench.gpu.StepTiming.Work;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.nn.Network;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(OnCard.class)
class StepProfileTest {
  private static final Network NETWORK = MobileNetV2.keras(0.35, 32, 32, Head.binary()).network();

  @ParameterizedTest
  @ValueSource(strings = {"float32:inference:2", "float32:training:2", "bfloat16:training:3"})
  void aCardSaysWhatEachStepTakes(String text) {
    Case profiled = Case.of(text);
    try (var device = new CudaBackend().open(new DeviceOptions(1).withPrecision(profiled.precision()))) {
      var plan = StepTiming.plan(device, NETWORK, profiled.work(), profiled.batch());
      var rows = StepProfile.measure(device, NETWORK, profiled).orElseThrow();
      assertEquals("Batch", rows.getFirst().kind());
      assertEquals(plan.steps().stream().map(StepProfile::kind).toList(),
          rows.stream().skip(1).map(StepProfile.Row::kind).toList());
      String convolution = profiled.work() == Work.TRAINING ? "TrainConvolve" : "RectifiedDepthwise";
      assertEquals(convolution + " 3x3", rows.get(1).kind());
      // In inference those that expand, each with the depthwise convolution after it.
      assertEquals(profiled.work() == Work.TRAINING ? 34 : 16,
          rows.stream().filter(row -> row.kind().equals(convolution + " 1x1")).count());
      assertTrue(rows.stream().skip(1).allMatch(row -> row.microseconds() > 0), rows::toString);
      assertEquals(StepTraffic.elements(plan) * (profiled.precision() == Precision.BFLOAT16 ? 2 : 4),
          rows.stream().mapToLong(StepProfile.Row::bytes).sum());
    }
  }

  @Test
  void casesAreWrittenWithColons() {
    assertEquals(new Case(Precision.BFLOAT16, Work.TRAINING, 256), Case.of("bfloat16:training:256"));
    assertTrue(assertThrows(IllegalArgumentException.class, () -> Case.of("bfloat16"))
        .getMessage().contains("PRECISION:WORK:BATCH"));
  }

  @Test
  void aProcessorSaysSoToo() {
    try (var device = Backends.named("cpu").open(new DeviceOptions(1))) {
      var rows = StepProfile.measure(device, NETWORK, Case.of("float32:training:2")).orElseThrow();
      assertTrue(rows.stream().skip(1).allMatch(row -> row.microseconds() > 0), rows::toString);
    }
  }

  @Test
  void aDeviceThatCannotTellGivesNothing() {
    try (var device = Backends.named("reference").open(new DeviceOptions(1))) {
      assertTrue(StepProfile.measure(device, NETWORK, Case.of("float32:inference:1")).isEmpty());
    }
  }
}
