package dev.lentil.ham10000.train;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.CsvTable;
import dev.lentil.ham10000.data.CsvText;
import dev.lentil.ham10000.data.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Every look at the test images, a line each, in a file beside the runs' folders: whoever chooses by the test images leaves
 * a trace. Lines are added, never rewritten.
 */
public final class TestLog {
  public static final String FILE_NAME = "test-evaluations.csv";

  private static final List<String> HEADER = List.of("time", "run", "build", "config_sha256", "purpose", "test_auc");

  private TestLog() {}

  /** One look, as the file has it. */
  public record Look(String time, String run, String build, String configSha256, String purpose, String auc) {
    /** The same with the folder that the run's folder is in before its name, to tell it from others of that name. */
    public Look in(String folder) {
      return new Look(time, folder + "/" + run, build, configSha256, purpose, auc);
    }

    private String line() {
      return CsvText.line(List.of(time, run, build, configSha256, purpose, auc));
    }
  }

  /**
   * All looks in a file; none where there is no file.
   *
   * @throws UserError if it cannot be read, or not be seen whether it is there
   */
  public static List<Look> read(Path file) {
    return Files.notExists(file)
        ? List.of()
        : CsvTable.read(file, "").lines().stream().map(line -> new Look(line.get("time"), line.get("run"),
            line.get("build"), line.get("config_sha256"), line.get("purpose"), line.get("test_auc"))).toList();
  }

  /** Writes the looks of several logs as one, by time. */
  public static void write(Path file, Collection<Look> looks) {
    RunFolder.write(file, header() + looks.stream().sorted(Comparator.comparing(Look::time).thenComparing(Look::run))
        .map(Look::line).collect(Collectors.joining()));
  }

  private static String header() {
    return CsvText.line(HEADER);
  }

  /**
   * Requires that a look can be logged, before what it needs is trained or predicted for hours. Makes no file.
   *
   * @throws UserError if the log cannot be written
   */
  static void requireWritable(Path run) {
    Path file = of(run);
    try {
      if (!Files.notExists(file)) {
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND).close();
      } else if (Files.exists(file.getParent()) && !Files.isWritable(file.getParent())) {
        throw new AccessDeniedException(file.toString());
      }
    } catch (IOException e) {
      throw new UserError(file + ": every look at the test images is logged there, and it cannot be written ("
          + Reason.of(e) + "); make it and its folder writable, or have the run in another folder", e);
    }
  }

  private static Path of(Path run) {
    // a look through a link to a run stands with the others
    return Runs.itself(run).resolveSibling(FILE_NAME);
  }

  /**
   * Adds a line.
   *
   * @param configuration the text of the file in the folder that says how it was made; its SHA-256 is logged
   * @param purpose what the look was for, such as the command
   * @param auc on the test images
   */
  static void add(Path run, Program program, String configuration, String purpose, double auc) {
    Path file = of(run);
    String line =
        new Look(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), Runs.itself(run).getFileName().toString(),
            program.version() + " " + program.revision(), Sha256.hex(configuration.getBytes(StandardCharsets.UTF_8)),
            purpose, Double.toString(auc)).line();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        FileLock _ = channel.lock()) {
      channel.write(StandardCharsets.UTF_8.encode(channel.size() == 0 ? header() + line : line));
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": the evaluation on test cannot be logged (" + Reason.of(e)
          + "); make the file and its folder writable", e);
    }
  }
}
