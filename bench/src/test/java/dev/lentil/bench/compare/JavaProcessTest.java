package dev.lentil.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class JavaProcessTest {
  /** Prints where it puts a temporary file that it never removes, or fails. */
  static final class Untidy {
    public static void main(String[] args) throws IOException {
      if (args[0].equals("fail")) {
        throw new IllegalStateException("told to fail");
      }
      System.out.println("not this line");
      System.out.println(Files.createTempFile("left", "behind"));
    }
  }

  @Test
  void theLastLineIsItsAnswerAndNothingIsLeftBehind() {
    Path file;
    try (var process = new JavaProcess(Untidy.class, List.of("a b"))) {
      file = Path.of(process.output());
      assertTrue(Files.exists(file));
    }
    assertFalse(Files.exists(file.getParent()), "its folder for temporary files is gone");
  }

  @Test
  void aFailureIsAnErrorWithWhatItSaid() {
    try (var process = new JavaProcess(Untidy.class, List.of("fail"))) {
      var error = assertThrows(UserError.class, process::output);
      assertTrue(error.getMessage().startsWith("the measurement 'fail' failed, exit code 1: ")
          && error.getMessage().contains("told to fail"), error.getMessage());
    }
    assertEquals("a\nb", JavaProcess.said("WARNING: x\na\nWARNING: y\nb\n"));
  }
}
