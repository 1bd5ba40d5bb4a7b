package dev.lentil.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir
  private Path folder;

  @Test
  void aWriteThatIsInterruptedSaysSoAndLeavesWhatWasThere() throws IOException {
    Path file = Files.writeString(folder.resolve("a.txt"), "old");
    Thread.currentThread().interrupt();
    IOException e;
    try {
      e = assertThrows(IOException.class, () -> AtomicFile.write(file, "new"));
    } finally {
      Thread.interrupted();
    }
    assertTrue(e.getMessage().startsWith(file + ": cannot be written (the thread was interrupted); "), e.getMessage());
    assertEquals("old", Files.readString(file));
    assertFiles("a.txt");
  }

  @Test
  void theOneBeforeIsKeptIfAskedFor() throws IOException {
    Path file = folder.resolve("a.txt");
    Optional<Path> previous = Optional.of(folder.resolve("b.txt"));
    for (String text : List.of("1", "2", "3")) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(file, previous, bytes.length,
          channel -> AtomicFile.writeFully(channel, ByteBuffer.wrap(bytes)));
    }
    assertEquals("3", Files.readString(file));
    assertEquals("2", Files.readString(previous.get()));
    assertFiles("a.txt", "b.txt");
  }

  @Test
  void aNameWithANumberThatNoProcessCanHaveIsLeftAlone() throws IOException {
    Path users = Files.createFile(folder.resolve("a.99999999999999999999-1.tmp"));
    Path leftover = Files.createFile(folder.resolve("a.999999999999999999-1.tmp"));
    AtomicFile.removeLeftovers(folder);
    assertTrue(Files.exists(users));
    assertFalse(Files.exists(leftover));
  }

  private void assertFiles(String... names) throws IOException {
    try (var files = Files.list(folder)) {
      assertEquals(List.of(names), files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }
}
