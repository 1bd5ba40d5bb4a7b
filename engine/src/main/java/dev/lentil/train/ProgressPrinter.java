package dev.lentil.train;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Prints the progress of a run: one line per epoch and, within an epoch, its progress and remaining time. */
public final class ProgressPrinter implements Consumer<TrainingEvent> {

  /** How progress within an epoch is shown. */
  public enum Style {
    /** One line that is drawn again and again. */
    TERMINAL(Duration.ofMillis(200)),
    /** A new line now and then, for log files and pipes. */
    PLAIN(Duration.ofSeconds(30));

    private final Duration interval;

    Style(Duration interval) {
      this.interval = interval;
    }

    /** {@code TERMINAL} if standard output is one. */
    public static Style detect() {
      return System.console() != null && System.console().isTerminal() ? TERMINAL : PLAIN;
    }
  }

  private final PrintWriter out;
  private final Style style;
  private final LongSupplier nanoTime;
  private int epochs;
  private long epochStarted;
  private int firstBatch;
  private long lastShown;
  private int drawn;

  public ProgressPrinter(PrintWriter out, Style style) {
    this(out, style, System::nanoTime);
  }

  ProgressPrinter(PrintWriter out, Style style, LongSupplier nanoTime) {
    this.out = out;
    this.style = style;
    this.nanoTime = nanoTime;
  }

  @Override
  public void accept(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.StageStarted e -> {
        epochs = e.stage().epochs();
        startEpoch(e.position().batch());
        line(String.format(Locale.ROOT, "stage %d (%s): at most %d epochs of %d batches%s", e.position().stage(),
            e.stage().name(), epochs, e.batches(), e.position().equals(new Position(e.position().stage(), 1, 0))
                ? ""
                : ", going on in epoch " + e.position().epoch() + " after batch " + e.position().batch()));
      }
      case TrainingEvent.BatchDone e -> batch(e);
      case TrainingEvent.EpochDone e -> {
        line(epoch(e));
        startEpoch(0);
      }
      case TrainingEvent.StageDone e -> line(String.format(Locale.ROOT,
          "stage %d (%s) done after %d epochs; best epoch %d, %s %.4f; it ends with the %s weights",
          e.position().stage(), e.stage().name(), e.epochs(), e.stopping().bestEpoch(),
          e.stage().stopping().monitor().name().toLowerCase(Locale.ROOT), e.stopping().best(),
          e.stage().finalWeights().name().toLowerCase(Locale.ROOT)));
    }
    out.flush();
  }

  private void startEpoch(int batch) {
    epochStarted = nanoTime.getAsLong();
    lastShown = epochStarted;
    firstBatch = batch;
  }

  private void batch(TrainingEvent.BatchDone e) {
    long now = nanoTime.getAsLong();
    if (now - lastShown < style.interval.toNanos()) {
      return;
    }
    lastShown = now;
    int done = e.position().batch();
    double perBatch = (now - epochStarted) / 1e9 / (done - firstBatch);
    String text = String.format(Locale.ROOT, "  epoch %d/%d  batch %d/%d  loss %.4f  %.3f s a batch  ETA %s",
        e.position().epoch(), epochs, done, e.batches(), e.meanLoss(), perBatch,
        clock(perBatch * (e.batches() - done)));
    if (style == Style.TERMINAL) {
      out.print("\r" + text + " ".repeat(Math.max(0, drawn - text.length())));
      drawn = text.length();
    } else {
      out.println(text);
    }
  }

  private void line(String text) {
    if (drawn > 0) {
      out.print("\r" + " ".repeat(drawn) + "\r");
      drawn = 0;
    }
    out.println(text);
  }

  private String epoch(TrainingEvent.EpochDone e) {
    EpochRecord r = e.epoch();
    return String.format(Locale.ROOT,
        "  epoch %d/%d  loss %.4f  accuracy %.4f  auc %.4f  val_loss %.4f  val_accuracy %.4f  val_auc %.4f  %.1f s%s",
        r.epoch(), epochs, r.training().loss(), r.training().accuracy(), r.training().auc(), r.validation().loss(),
        r.validation().accuracy(), r.validation().auc(), r.seconds(), e.best() ? "  best so far" : "");
  }

  private static String clock(double seconds) {
    long s = Math.round(seconds);
    return s < 3600
        ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }
}
