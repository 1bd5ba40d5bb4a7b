package dev.lentil.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReasonTest {
  @Test
  void isInWordsAndWithoutNamesOfClasses() {
    assertEquals("access denied", FileReason.of(new AccessDeniedException("folder/a")));
    assertEquals("there is no /a/b", FileReason.of(new NoSuchFileException("/a/b")));
    assertEquals("a is there already and is no folder", FileReason.of(new FileAlreadyExistsException("a")));
    assertEquals("a is no folder", FileReason.of(new NotDirectoryException("a")));
    assertEquals("No space left on device",
        FileReason.of(new FileSystemException("/a", null, "No space left on device")));
    assertEquals("Too many levels of symbolic links", FileReason.of(new FileSystemLoopException("/a")));
    assertEquals("input/output error", FileReason.of(new FileSystemException("/a")));
    assertEquals("the thread was interrupted", FileReason.of(new ClosedByInterruptException()));
    assertEquals("it ends too early", FileReason.of(new EOFException()));
    assertEquals("it is a folder", FileReason.of(new IOException("Is a directory")));
    assertEquals("timed out", FileReason.of(new IOException(null, new IOException("timed out"))));
    assertEquals("input/output error", FileReason.of(new IOException()));
  }

  /** Through a link to itself; whoever tests may enter every folder. */
  @Test
  void whatIsNotThereIsToldFromWhatCannotBeReached(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertEquals(Optional.empty(), FileReason.unreachable(file));
    assertEquals(Optional.empty(), FileReason.unreachable(folder.resolve("none/none")));
    assertEquals(Optional.empty(), FileReason.unreachable(file.resolve("below")));
    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    assertFalse(Files.exists(loop.resolve("below")));
    String reason = FileReason.unreachable(loop.resolve("below")).orElseThrow();
    assertTrue(reason.startsWith("Too many levels of symbolic links"), reason);
  }
}
