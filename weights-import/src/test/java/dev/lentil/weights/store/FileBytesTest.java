package dev.lentil.weights.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileBytesTest {
  @TempDir
  private Path folder;

  @Test
  void aFileBesideAnother() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("in"));
    Files.write(inner.resolve("a.bin"), new byte[5]);
    try (var bytes = new FileBytes()) {
      assertEquals(5, bytes.mapBeside(inner.resolve("model.json"), "a.bin").byteSize());
      assertEquals(5, bytes.mapBeside(folder.resolve("model.json"), "in/a.bin").byteSize());
    }
  }

  /** A file names another; it must not be able to have any file of the machine opened. */
  @ParameterizedTest
  @ValueSource(strings = {"../secret", "/etc/hostname", "in/../../secret", "", ".", "\0"})
  void aFileElsewhereIsRefused(String name) throws IOException {
    Files.write(folder.resolve("secret"), new byte[5]);
    Path inner = Files.createDirectory(folder.resolve("in"));
    try (var bytes = new FileBytes()) {
      var error = assertThrows(WeightFileException.class, () -> bytes.mapBeside(inner.resolve("model.json"), name));
      assertTrue(error.getMessage().startsWith(inner.resolve("model.json") + ": it keeps its data in"),
          error.getMessage());
    }
  }

  @Test
  void aLinkElsewhereIsRefused() throws IOException {
    Path secret = Files.write(folder.resolve("secret"), new byte[5]);
    Path inner = Files.createDirectory(folder.resolve("in"));
    Files.createSymbolicLink(inner.resolve("a.bin"), secret);
    try (var bytes = new FileBytes()) {
      var error = assertThrows(WeightFileException.class, () -> bytes.mapBeside(inner.resolve("model.json"), "a.bin"));
      assertTrue(error.getMessage().contains("a link out of its own folder"), error.getMessage());
    }
  }

  @Test
  void whyAFileCannotBeReadIsSaidOnce() throws IOException {
    Path below = Files.write(folder.resolve("a.bin"), new byte[5]).resolve("b.bin");
    try (var bytes = new FileBytes()) {
      assertEquals(below + ": the weight file cannot be read (Not a directory); check the path",
          assertThrows(WeightFileException.class, () -> bytes.map(below)).getMessage());
    }
    // whose message is the path alone
    assertEquals("a: the folder cannot be read (a is no folder); check the path",
        WeightFileException.unreadable(Path.of("a"), "the folder", new NotDirectoryException("a")).getMessage());
    // An administrator, whom a build may run as, can read every file.
    assertEquals("a: the weight file cannot be read: the permission to read it is missing; give it with chmod, or copy "
        + "it to where you may read it",
        WeightFileException.unreadable(Path.of("a"), "the weight file", new AccessDeniedException("a")).getMessage());
  }
}
