package dev.lentil.ham10000.train;

import dev.lentil.ham10000.Disclaimer;
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
import java.util.function.Consumer;

/** What a run says, on the screen and in its log file. A run that goes on adds to the file. */
final class RunLog implements Consumer<TrainingEvent>, AutoCloseable {
  private final PrintWriter screen;
  private final PrintWriter file;
  private final ProgressPrinter screenProgress;
  private final ProgressPrinter fileProgress;

  RunLog(Path path, PrintWriter screen, ProgressPrinter.Style style) {
    this.screen = screen;
    try {
      file = new PrintWriter(Files.newBufferedWriter(path, StandardCharsets.UTF_8, StandardOpenOption.CREATE,
          StandardOpenOption.APPEND));
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be written: " + e.getMessage(), e);
    }
    screenProgress = new ProgressPrinter(screen, style);
    fileProgress = new ProgressPrinter(file, ProgressPrinter.Style.PLAIN);
    file.println("---- " + LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS) + "  " + Disclaimer.TEXT);
    file.flush();
  }

  void say(String text) {
    for (PrintWriter out : new PrintWriter[] {screen, file}) {
      out.println(text);
      out.flush();
    }
  }

  /** Into the file only. */
  void record(String text) {
    file.println(text);
    file.flush();
  }

  @Override
  public void accept(TrainingEvent event) {
    screenProgress.accept(event);
    fileProgress.accept(event);
  }

  @Override
  public void close() {
    file.close();
  }
}
