package dev.lentil.ham10000.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text files in UTF-8, with the byte order mark that editors of some systems begin them with or without it. */
public final class Utf8File {
  private Utf8File() {}

  /**
   * Reads a whole file.
   *
   * @return its text without the mark
   * @throws java.nio.charset.CharacterCodingException if it is not UTF-8
   */
  public static String read(Path file) throws IOException {
    return withoutMark(Files.readString(file));
  }

  /** A text without the mark at its beginning. */
  static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }
}
