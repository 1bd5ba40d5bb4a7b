package dev.lentil.bench.memory;

import dev.lentil.bench.compare.JavaProcess;
import dev.lentil.ham10000.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a process needed.
 *
 * @param bytes the most memory that it had resident, as Linux counts it. Source: proc_pid_status(5), {@code VmHWM}
 * @param seconds from its start to its end
 */
public record Watched(long bytes, double seconds) {
  private static final int INTERVAL_MILLIS = 2;

  /**
   * Runs a process to its end. The system's own peak is read again and again until the process is gone, so that only what
   * it rose in the last moment is missed.
   *
   * @param name for messages
   * @throws UserError if the process fails, or the system does not tell
   */
  static Watched of(ProcessBuilder builder, String name) {
    try {
      Path errors = Files.createTempFile("lentil-bench", ".log");
      try {
        long start = System.nanoTime();
        Process process =
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(errors.toFile()).start();
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        long peak = 0;
        while (!process.waitFor(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
          peak = Math.max(peak, read(status).orElse(0L));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (process.exitValue() != 0) {
          throw new UserError(name + " failed: " + JavaProcess.said(Files.readString(errors)));
        }
        if (peak == 0) {
          throw new UserError("this system does not tell the peak memory of a process; measure on Linux");
        }
        return new Watched(peak, seconds);
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("the measurement was interrupted");
    }
  }

  /** The peak so far in bytes; empty if the process is gone, or is not told. */
  private static Optional<Long> read(Path status) {
    try {
      return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmHWM:")).findFirst()
          .map(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")));
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
