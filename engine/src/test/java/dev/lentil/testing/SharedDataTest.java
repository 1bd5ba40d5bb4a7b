package dev.lentil.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class SharedDataTest {
  @Test
  void propertyThenEnvironmentThenDefault() {
    var root = SharedData.repositoryRoot();
    assertTrue(Files.isRegularFile(root.resolve("engine/pom.xml")));
    assertEquals(root.resolve("p"), SharedData.folder(Optional.of("p"), Map.of("LENTIL_DATA", "e")));
    assertEquals(root.resolve("e"), SharedData.folder(Optional.of(" "), Map.of("LENTIL_DATA", "e")));
    assertEquals(root.resolve("../shared/data").normalize(), SharedData.folder(Optional.empty(), Map.of()));
  }

  @Test
  void absentDataSkipsButFailsInCi(@TempDir Path folder) throws Exception {
    Files.createFile(folder.resolve("there"));
    assertEquals(folder.resolve("there"), SharedData.require(folder, "there", Map.of("CI", "true")));
    assertThrows(TestAbortedException.class, () -> SharedData.require(folder, "gone", Map.of()));
    var e = assertThrows(AssertionFailedError.class, () -> SharedData.require(folder, "gone", Map.of("CI", "true")));
    assertTrue(e.getMessage().contains("gone") && e.getMessage().contains("lentil.data"), e.getMessage());
  }
}
