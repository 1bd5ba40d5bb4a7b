package dev.lentil.ham10000.train;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.io.AtomicFile;
import dev.lentil.train.ProgressPrinter;
import dev.lentil.train.TrainingEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** What a run says, on the screen and in its log file. A run that goes on adds to the file. */
final class RunLog implements Consumer<TrainingEvent>, AutoCloseable {
  /** What a file system gives at a time. */
  private static final int BLOCK = 4096;

  private final PrintWriter screen;
  private final Path path;
  private final PrintWriter file;
  private final ProgressPrinter screenProgress;
  private final ProgressPrinter fileProgress;

  RunLog(Path path, PrintWriter screen, ProgressPrinter.Style style) {
    this.path = path;
    this.screen = screen;
    try {
      file = new PrintWriter(Files.newBufferedWriter(path, StandardCharsets.UTF_8, StandardOpenOption.CREATE,
          StandardOpenOption.APPEND));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    screenProgress = new ProgressPrinter(screen, style);
    fileProgress = new ProgressPrinter(file, ProgressPrinter.Style.PLAIN);
    file.println("---- " + LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS) + "  " + Disclaimer.TEXT);
    flush();
  }

  void say(String text) {
    tell(text);
    record(text);
  }

  /** On the screen only. */
  void tell(String text) {
    screen.println(text);
    screen.flush();
  }

  /** Into the file only. */
  void record(String text) {
    file.println(text);
    flush();
  }

  /** Says why the run ends here; the file has it only if it can still be written. */
  void lastWords(String text) {
    tell(text);
    file.println(text);
    file.flush();
  }

  @Override
  public void accept(TrainingEvent event) {
    screenProgress.accept(event);
    fileProgress.accept(event);
    flush();
  }

  /** A log that silently ends would tell of a run that stopped. */
  private void flush() {
    if (file.checkError()) {
      OptionalLong free = AtomicFile.freeBytes(path.toAbsolutePath().getParent());
      boolean full = free.isPresent() && free.getAsLong() < BLOCK;
      String text = path + ": the log cannot be written; " + (full
          ? String.format(Locale.ROOT, "%,d bytes are free there; make room", free.getAsLong())
          : "check the folder, its permissions and its quota");
      throw new UncheckedIOException(text, new IOException(text));
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
