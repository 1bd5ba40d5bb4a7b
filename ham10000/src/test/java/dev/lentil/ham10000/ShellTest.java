package dev.lentil.ham10000;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ShellTest {
  @Test
  void aPathIsOneWord() {
    assertEquals("runs/seed-7_Ü.x", Shell.word(Path.of("runs/seed-7_Ü.x")));
    assertEquals("\"runs/bin mit Ü\"", Shell.word(Path.of("runs/bin mit Ü")));
    assertEquals("\"it's \\$5 \\\"x\\\"\"", Shell.word(Path.of("it's $5 \"x\"")));
    assertEquals("\"\"", Shell.word(Path.of("")));
  }
}
