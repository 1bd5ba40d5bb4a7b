package dev.lentil.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.testing.Prerequisite;
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
  void aPipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    makePipe(pipe);
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

  private static void makePipe(Path pipe) throws InterruptedException {
    try {
      assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    } catch (IOException e) {
      Prerequisite.absent("mkfifo is absent: install GNU coreutils (" + e.getMessage() + ")");
    }
  }
}
