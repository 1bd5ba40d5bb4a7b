package dev.lentil.ham10000.train;

import dev.lentil.ham10000.data.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.commons.csv.CSVFormat;

/**
 * Every look at the test images, a line each, in a file beside the runs' folders: whoever chooses by the test images leaves
 * a trace. Lines are added, never rewritten.
 */
final class TestLog {
  static final String FILE_NAME = "test-evaluations.csv";

  private static final CSVFormat CSV = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

  private TestLog() {}

  /**
   * Adds a line.
   *
   * @param configuration the text of the file in the folder that says how it was made; its SHA-256 is logged
   * @param purpose what the look was for, such as the command
   * @param auc on the test images
   */
  static void add(Path run, Program program, String configuration, String purpose, double auc) {
    Path folder = run.toAbsolutePath().normalize();
    Path file = folder.resolveSibling(FILE_NAME);
    String line = CSV.format(Instant.now().truncatedTo(ChronoUnit.SECONDS), folder.getFileName(),
        program.version() + " " + program.revision(), Sha256.hex(configuration.getBytes(StandardCharsets.UTF_8)),
        purpose, auc) + "\n";
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        FileLock _ = channel.lock()) {
      String header = CSV.format("time", "run", "build", "config_sha256", "purpose", "test_auc") + "\n";
      channel.write(StandardCharsets.UTF_8.encode(channel.size() == 0 ? header + line : line));
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": the evaluation on test cannot be logged: " + e.getMessage(), e);
    }
  }
}
