package dev.lentil.mobilenetv2.selftest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.testing.SharedData;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelfTestTest {
  @ParameterizedTest
  @CsvSource({"reference, keras", "reference, torch", "cpu, keras", "cpu, torch"})
  void agreesWithPyTorch(String backend, String padding) {
    Path file = SharedData.require("reference/pytorch_float64_" + padding + "_padding_a035_r96.safetensors");
    try (var device = Backends.named(backend).open(DeviceOptions.defaults())) {
      SelfTestReport report = SelfTest.run(backend, device, file);
      System.out.println(report);
      assertTrue(report.passed(), report::toString);
      // Two inferences' logits, two losses, six gradient lines at least, moving statistics, two Adam runs of three lines.
      assertTrue(report.lines().size() >= 16, report::toString);
    }
  }
}
