package dev.lentil.ham10000.train;

import dev.lentil.train.EpochRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run cost.
 *
 * @param stages one for each stage
 * @param peakMemoryBytes of the process that ended the run
 * @param peakMemoryKind what is counted
 */
public record Measurements(List<StageTime> stages, long peakMemoryBytes, String peakMemoryKind) {
  static final String FILE_NAME = "measurements.json";

  /** @param medianSeconds of one epoch, validation included */
  public record StageTime(int stage, int epochs, double medianSeconds, double totalSeconds) {}

  static Measurements of(List<EpochRecord> history, PeakMemory memory) {
    var stages = new ArrayList<StageTime>();
    for (int stage : history.stream().mapToInt(EpochRecord::stage).distinct().toArray()) {
      double[] seconds =
          history.stream().filter(e -> e.stage() == stage).mapToDouble(EpochRecord::seconds).sorted().toArray();
      double total = history.stream().filter(e -> e.stage() == stage).mapToDouble(EpochRecord::seconds).sum();
      stages.add(new StageTime(stage, seconds.length, seconds[seconds.length / 2], total));
    }
    return new Measurements(List.copyOf(stages), memory.bytes(), memory.kind());
  }

  /** The same in a few lines. */
  public String text() {
    var text = new StringBuilder();
    for (StageTime s : stages) {
      text.append(
          String.format(Locale.ROOT, "Stage %d: %d epochs, %.1f s an epoch (median), %.1f min in all%n", s.stage(),
              s.epochs(), s.medianSeconds(), s.totalSeconds() / 60));
    }
    return text + String.format(Locale.ROOT, "Peak memory: %.2f GiB (%s)", peakMemoryBytes / (double) (1L << 30),
        peakMemoryKind);
  }
}
