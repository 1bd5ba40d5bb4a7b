package dev.lentil.ham10000.train;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import dev.lentil.io.AtomicFile;
import dev.lentil.io.FileReason;
import dev.lentil.json.Json;
import dev.lentil.json.JsonException;
import dev.lentil.train.CheckpointFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The folder of one run and the names of the files in it. While it is open for writing no other process may open it so. */
public final class RunFolder implements AutoCloseable {
  private final Path path;
  private final RunLock lock;

  private RunFolder(Path path, RunLock lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes the folder of a new run and takes it.
   *
   * @throws UserError if there is a run in it already, or another process holds it
   */
  public static RunFolder create(Path path) {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new UserError(path + ": the run's folder cannot be made (" + Reason.of(e) + "); choose another with --run",
          e);
    }
    RunFolder folder = take(path);
    if (Files.exists(config(path))) {
      folder.close();
      throw new UserError(path + ": there is a run in this folder already; continue it with '"
          + Runs.resuming(path) + "', or choose another folder with --run");
    }
    return folder;
  }

  /**
   * Takes the folder of a run that was started before.
   *
   * @throws UserError if it holds no run, cannot be read, or another process holds it
   */
  public static RunFolder open(Path path) {
    requireRun(path);
    return take(path);
  }

  /** Looks into the folder of a run without taking it: for reading. */
  public static void requireRun(Path path) {
    if (Runs.isRun(path)) {
      return;
    }
    FileReason.unreachable(config(path)).ifPresent(reason -> {
      throw new UserError(config(path) + ": cannot be read (" + reason
          + "), so this may be the folder of a run or not; check the path and its permissions");
    });
    throw new UserError(
        path + ": this is not the folder of a run, it holds no config.properties; give the folder that "
            + "'./lentil train' printed (a run that was killed before it wrote that file is started again with --run)");
  }

  private static RunFolder take(Path path) {
    RunLock lock = RunLock.take(path);
    try {
      AtomicFile.removeLeftovers(path);
      return new RunFolder(path, lock);
    } catch (IOException e) {
      lock.close();
      throw new UserError(path + ": the run's folder cannot be cleared of temporary files (" + Reason.of(e) + ")", e);
    }
  }

  public Path path() {
    return path;
  }

  Path log() {
    return path.resolve("log.txt");
  }

  public static Path config(Path run) {
    return run.resolve("config.properties");
  }

  public static Path history(Path run) {
    return run.resolve("history.csv");
  }

  public static Path environment(Path run) {
    return run.resolve("environment.json");
  }

  static CheckpointFile checkpoint(Path run) {
    return new CheckpointFile(run.resolve("checkpoint.safetensors"));
  }

  static Path best(Path run) {
    return run.resolve("best.safetensors");
  }

  static Path last(Path run) {
    return run.resolve("last.safetensors");
  }

  static Path report(Path run) {
    return run.resolve("report.html");
  }

  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read (" + Reason.of(e) + "); it belongs to the run's folder", e);
    }
  }

  /**
   * Reads a JSON object of the run.
   *
   * @param writer of the file, to be named where it is not one
   */
  public static Map<?, ?> readObject(Path file, String writer) {
    try {
      if (Json.parse(read(file)) instanceof Map<?, ?> document) {
        return document;
      }
    } catch (JsonException e) {
      throw new UserError(file + ": not the JSON that " + writer + " writes (" + e.getMessage() + ")", e);
    }
    throw new UserError(file + ": not the JSON object that " + writer + " writes");
  }

  /** Writes a text file of the run atomically. */
  public static void write(Path file, String text) {
    try {
      AtomicFile.write(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Removes a file of the run, if it is there. */
  static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be removed (" + Reason.of(e) + "); check its permissions", e);
    }
  }

  @Override
  public void close() {
    lock.close();
  }
}
