package dev.lentil.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.junit.jupiter.api.Test;

class FileReasonTest {
  @Test
  void isInWordsAndWithoutNamesOfClasses() {
    assertEquals("access denied", FileReason.of(new AccessDeniedException("folder/a")));
    assertEquals("there is no /a/b", FileReason.of(new NoSuchFileException("/a/b")));
    assertEquals("a is there already and is no folder", FileReason.of(new FileAlreadyExistsException("a")));
    assertEquals("a is no folder", FileReason.of(new NotDirectoryException("a")));
    assertEquals("No space left on device",
        FileReason.of(new FileSystemException("/a", null, "No space left on device")));
    assertEquals("input/output error", FileReason.of(new FileSystemException("/a")));
    assertEquals("the thread was interrupted", FileReason.of(new ClosedByInterruptException()));
    assertEquals("it ends too early", FileReason.of(new EOFException()));
    assertEquals("it is a folder", FileReason.of(new IOException("Is a directory")));
    assertEquals("timed out", FileReason.of(new IOException(null, new IOException("timed out"))));
    assertEquals("input/output error", FileReason.of(new IOException()));
  }
}
