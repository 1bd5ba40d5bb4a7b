package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Availability;
import dev.lentil.backend.BackendException;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceChoice;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.backend.cuda.emulation.OnCard;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code auto}: the card where it can be opened, otherwise the processor and a log line. */
@ExtendWith(OnCard.class)
class AutomaticDeviceTest {
  private static final Logger LOGGER = Logger.getLogger("dev.lentil");

  private final List<String> warnings = new ArrayList<>();
  private final Handler handler = new Handler() {
    @Override
    public void publish(LogRecord line) {
      if (line.getLevel() == Level.WARNING) {
        warnings.add(line.getMessage());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  };

  @BeforeEach
  void listen() {
    LOGGER.addHandler(handler);
  }

  @AfterEach
  void asBefore() {
    LOGGER.removeHandler(handler);
    EmulatedCard.restore();
  }

  private static DeviceChoice choice(String name) {
    return DeviceChoice.of(name, new DeviceOptions(1));
  }

  private static String opened(String name) {
    try (Device device = choice(name).open()) {
      return device.describe();
    }
  }

  @Test
  void theCardIsTaken() {
    assertTrue(opened("auto").startsWith("cuda: Emulated card 0"), () -> opened("auto"));
    assertEquals(List.of(), warnings);
    var answer = assertInstanceOf(Availability.Available.class, choice("auto").backend().probe());
    assertTrue(answer.detail().contains("Emulated card 0"), answer.detail());
  }

  /** Twice, as a run opens a device for its training and another for its report. */
  private void assertProcessor(String why) {
    for (int i = 0; i < 2; i++) {
      String device = opened("auto");
      assertTrue(device.startsWith("cpu"), device);
    }
    assertEquals(1, warnings.size(), warnings::toString);
    assertTrue(warnings.getFirst().contains(why) && warnings.getFirst().contains("lentil doctor"), warnings::toString);
    assertInstanceOf(Availability.Available.class, choice("auto").backend().probe());
    var problem = assertThrows(BackendException.class, () -> opened("cuda"));
    assertTrue(problem.getMessage().contains(why), problem.getMessage());
  }

  @Test
  void aCardThatTheCompilerDoesNotKnow() {
    EmulatedCard.setArchitecture(70);
    assertProcessor("NVRTC 12.0 cannot compile for");
  }

  @Test
  void cublasThatDoesNotStart() {
    EmulatedCard.startCublasWith(1);
    assertProcessor("cuBLAS could not start");
  }

  @Test
  void noCard() {
    EmulatedCard.setCards(0);
    assertProcessor("NO_DEVICE");
  }
}
