package dev.lentil.ham10000;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.ham10000.image.ImageDecoder;
import dev.lentil.ham10000.train.RunFolder;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReasonTest {
  @TempDir
  private Path folder;

  @Test
  void isInWordsAndWithoutNamesOfClasses() {
    assertEquals("access denied", Reason.of(new AccessDeniedException("folder/a.jpg")));
    assertEquals("there is no /a/b", Reason.of(new NoSuchFileException("/a/b")));
    assertEquals("No space left on device", Reason.of(new FileSystemException("/a", null, "No space left on device")));
    assertEquals("input/output error", Reason.of(new FileSystemException("/a")));
    assertEquals("the server does not take the connection", Reason.of(new ConnectException()));
    var unknown = new ConnectException();
    unknown.initCause(new ConnectException().initCause(new UnresolvedAddressException()));
    assertEquals("the server's name is not known", Reason.of(unknown));
    assertEquals("it ends too early", Reason.of(new EOFException()));
    assertEquals("timed out", Reason.of(new IOException("timed out")));
    assertEquals("timed out", Reason.of(new IOException(null, new IOException("timed out"))));
    assertEquals("input/output error", Reason.of(new IOException()));
  }

  @Test
  void aFolderIsNoImageAndAFileIsNoFolder() throws IOException {
    assertEquals(folder + ": the image cannot be read (it is a folder); check the path and its permissions",
        assertThrows(UserError.class, () -> ImageDecoder.decode(folder)).getMessage());
    Path file = Files.createFile(folder.resolve("file"));
    assertEquals(file + ": the run's folder cannot be made (" + file
        + " is there already and is no folder); choose another with --run",
        assertThrows(UserError.class, () -> RunFolder.create(file)).getMessage());
  }
}
