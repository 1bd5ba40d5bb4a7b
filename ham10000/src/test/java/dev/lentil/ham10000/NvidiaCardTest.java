package dev.lentil.ham10000;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NvidiaCardTest {
  @TempDir
  private Path root;

  private Path make(String name) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.createFile(file);
  }

  @Test
  void aMachineWithoutOne() throws IOException {
    assertEquals(Optional.empty(), NvidiaCard.sign(root));
    make("dev/nvidiactl");
    make("dev/null");
    assertEquals(Optional.empty(), NvidiaCard.sign(root));
  }

  @Test
  void aContainerThatWasGivenTheFourthCard() throws IOException {
    make("proc/driver/nvidia/version");
    assertEquals(Optional.of(make("dev/nvidia3")), NvidiaCard.sign(root));
  }

  @Test
  void theModuleWithoutADevice() throws IOException {
    assertEquals(Optional.of(make("proc/driver/nvidia/version")), NvidiaCard.sign(root));
  }
}
