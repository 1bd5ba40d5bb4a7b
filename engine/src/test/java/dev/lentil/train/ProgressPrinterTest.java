package dev.lentil.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressPrinterTest {
  private final StringWriter text = new StringWriter();
  private long now;

  private void show(ProgressPrinter.Style style) {
    var printer = new ProgressPrinter(new PrintWriter(text), style, () -> now);
    var run = TinyRun.standard();
    printer.accept(new TrainingEvent.StageStarted(new Position(1, 1, 0), run.stages().getFirst(), 100));
    for (int batch = 1; batch <= 100; batch++) {
      now += 1_000_000_000L;
      printer.accept(new TrainingEvent.BatchDone(new Position(1, 1, batch), 100, 0.5, 0.75));
    }
    var metrics = new Metrics(0.5, 0.75, 0.875);
    printer.accept(new TrainingEvent.EpochDone(new Position(1, 1, 100),
        new EpochRecord(1, 1, 1e-3, metrics, metrics, 100), new EarlyStopping.State(0.875, 1, 0), true));
  }

  @Test
  void aFileGetsALineEveryHalfMinute() {
    show(ProgressPrinter.Style.PLAIN);
    var lines = text.toString().lines().toList();
    assertEquals(5, lines.size(), text.toString());
    assertEquals("stage 1 (head): at most 3 epochs of 100 batches", lines.get(0));
    assertEquals("  epoch 1/3  batch 30/100  loss 0.7500  1.000 s a batch  ETA 1:10", lines.get(1));
    assertTrue(lines.get(4).contains("val_auc 0.8750  100.0 s  best so far"), lines.get(4));
    assertEquals(-1, text.toString().indexOf('\r'));
  }

  /** A hundred seconds a batch, going on after 40 of them. */
  @Test
  void whatIsLeftIsSaidInHoursAndTheClockStartsWithEachEpoch() {
    var printer = new ProgressPrinter(new PrintWriter(text), ProgressPrinter.Style.PLAIN, () -> now);
    var stage = TinyRun.standard().stages().getFirst();
    printer.accept(new TrainingEvent.StageStarted(new Position(1, 2, 40), stage, 100));
    for (int batch = 41; batch <= 100; batch++) {
      now += 100_000_000_000L;
      printer.accept(new TrainingEvent.BatchDone(new Position(1, 2, batch), 100, 0.5, 0.75));
    }
    var metrics = new Metrics(0.5, 0.75, 0.875);
    now += 50_000_000_000L;
    var state = new EarlyStopping.State(0.875, 1, 1);
    printer.accept(new TrainingEvent.EpochDone(new Position(1, 2, 100),
        new EpochRecord(1, 2, 1e-3, metrics, metrics, 6050), state, false));
    now += 100_000_000_000L;
    printer.accept(new TrainingEvent.BatchDone(new Position(1, 3, 1), 100, 0.5, 0.75));
    printer.accept(new TrainingEvent.StageDone(new Position(1, 3, 100), stage, 3, state));
    var lines = text.toString().lines().toList();
    assertEquals(64, lines.size(), text.toString());
    assertEquals("stage 1 (head): at most 3 epochs of 100 batches, going on in epoch 2 after batch 40", lines.get(0));
    assertEquals("  epoch 2/3  batch 41/100  loss 0.7500  100.000 s a batch  ETA 1:38:20", lines.get(1));
    assertEquals("  epoch 2/3  batch 64/100  loss 0.7500  100.000 s a batch  ETA 1:00:00", lines.get(24));
    assertEquals("  epoch 2/3  batch 65/100  loss 0.7500  100.000 s a batch  ETA 58:20", lines.get(25));
    assertTrue(lines.get(61).endsWith("val_auc 0.8750  6050.0 s"), lines.get(61));
    assertEquals("  epoch 3/3  batch 1/100  loss 0.7500  100.000 s a batch  ETA 2:45:00", lines.get(62));
    assertEquals("stage 1 (head) done after 3 epochs; best epoch 1, val_auc 0.8750; it ends with the best weights",
        lines.get(63));
  }

  @Test
  void aTerminalGetsOneLineDrawnAgain() {
    show(ProgressPrinter.Style.TERMINAL);
    assertEquals(2, text.toString().chars().filter(c -> c == '\n').count());
    assertTrue(text.toString().chars().filter(c -> c == '\r').count() > 100);
  }
}
