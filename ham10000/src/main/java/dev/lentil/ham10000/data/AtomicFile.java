package dev.lentil.ham10000.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A small text file that is either the old one or wholly the new one, whatever happens while it is written. */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes the text, as UTF-8, beside the file and moves it there. */
  public static void write(Path file, String text) throws IOException {
    // not Files.createTempFile, whose files nobody else may read
    var temporary =
        file.toAbsolutePath().resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      Files.writeString(temporary, text);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
