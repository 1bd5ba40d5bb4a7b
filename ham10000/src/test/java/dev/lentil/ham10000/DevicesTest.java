package dev.lentil.ham10000;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.backend.DeviceOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** This module's tests are without the CUDA backend, as the program is without LENTIL_CUDA. */
class DevicesTest {
  private static final class Lines extends Handler {
    private final List<String> all = new ArrayList<>();

    @Override
    public void publish(LogRecord line) {
      all.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static List<String> logged(String name, Optional<Path> card) {
    var lines = new Lines();
    Logger logger = Logger.getLogger("dev.lentil");
    logger.addHandler(lines);
    try {
      assertEquals("cpu", Devices.of(name, DeviceOptions.defaults(), () -> card).backend().name());
    } finally {
      logger.removeHandler(lines);
    }
    return lines.all;
  }

  @Test
  void automaticallyTheProcessorThoughThereIsACard() {
    var card = Optional.of(Path.of("/dev/nvidia0"));
    assertEquals(
        List.of("auto: the processor calculates, though this machine seems to have an NVIDIA card (/dev/nvidia0), "
            + "since the CUDA backend is not loaded: set LENTIL_CUDA=1 in the environment and start ./lentil again "
            + "(docs/gpu.md)"),
        logged("auto", card));
    assertEquals(List.of(), logged("auto", card), "once");
  }

  @Test
  void nothingIsSaidWhereNothingIsMissed() {
    assertEquals(List.of(), logged("auto", Optional.empty()));
    assertEquals(List.of(), logged("cpu", Optional.of(Path.of("/dev/nvidia1"))));
  }
}
