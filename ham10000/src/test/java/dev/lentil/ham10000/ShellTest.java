package dev.lentil.ham10000;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ShellTest {
  /** As texts, since where no language is set (LANG) Java can name no path with an umlaut. */
  @Test
  void aPathIsOneWord() {
    assertEquals("runs/seed-7_Ü.x", Shell.word("runs/seed-7_Ü.x"));
    assertEquals("\"runs/bin mit Ü\"", Shell.word("runs/bin mit Ü"));
    assertEquals("\"it's \\$5 \\\"x\\\"\"", Shell.word("it's $5 \"x\""));
    assertEquals("\"\"", Shell.word(""));
    assertEquals("\"a b\"", Shell.word(Path.of("a b")));
  }
}
