package dev.lentil.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class MappedFileTest {
  private static final byte[] BYTES = {1, 2, 3};

  @TempDir
  private Path folder;

  private static void requireBytes(Path path) throws IOException {
    try (var arena = Arena.ofConfined()) {
      assertArrayEquals(BYTES, MappedFile.of(path, arena).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void aFileAlsoInAJar() throws IOException {
    requireBytes(Files.write(folder.resolve("a"), BYTES));
    try (var jar = FileSystems.newFileSystem(folder.resolve("a.jar"), Map.of("create", "true"))) {
      requireBytes(Files.write(jar.getPath("a"), BYTES));
      assertThrows(NoSuchFileException.class, () -> requireBytes(jar.getPath("b")));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aPipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    var writer = CompletableFuture.supplyAsync(() -> {
      try {
        return Files.write(pipe, BYTES);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
    requireBytes(pipe);
    writer.join();
  }
}
