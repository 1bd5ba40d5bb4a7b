package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintedTest {
  @ParameterizedTest
  @CsvSource({"'', 0, 0", "'', 2, 2", "No space left on device, 0, 1", "No space left on device, 130, 130",
      "Broken pipe, 0, 0"})
  void whatIsLostIsAFailureButNotWhatNobodyReads(String problem, int before, int after) {
    var printed = new Printed(new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        if (!problem.isEmpty()) {
          throw new IOException(problem);
        }
      }
    });
    new PrintStream(printed, true, StandardCharsets.UTF_8).println("{}");
    var err = new ByteArrayOutputStream();
    assertEquals(after, printed.exitCode(before, new PrintStream(err, true, StandardCharsets.UTF_8)));
    assertEquals(problem.startsWith("No space")
        ? "error: standard output could not be written to its end (No space left on device); print to where there is room"
        : "", err.toString(StandardCharsets.UTF_8).strip());
  }
}
