package dev.lentil.ham10000.train;

import dev.lentil.ham10000.UserError;
import dev.lentil.metrics.Quantile;
import dev.lentil.train.EpochRecord;
import dev.lentil.train.History;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run cost.
 *
 * @param stages one for each stage
 * @param peakMemoryBytes of the process that ended the run
 * @param peakMemoryKind what is counted
 */
public record Measurements(List<StageTime> stages, long peakMemoryBytes, String peakMemoryKind) {
  public static final String FILE_NAME = "measurements.json";

  /** @param medianSeconds of one epoch, validation included */
  public record StageTime(int stage, int epochs, double medianSeconds, double totalSeconds) {}

  static Measurements of(List<EpochRecord> history, PeakMemory memory) {
    var stages = new ArrayList<StageTime>();
    for (int stage : history.stream().mapToInt(EpochRecord::stage).distinct().toArray()) {
      double[] seconds =
          history.stream().filter(e -> e.stage() == stage).mapToDouble(EpochRecord::seconds).sorted().toArray();
      double total = history.stream().filter(e -> e.stage() == stage).mapToDouble(EpochRecord::seconds).sum();
      stages.add(new StageTime(stage, seconds.length, Quantile.of(seconds, 0.5), total));
    }
    return new Measurements(List.copyOf(stages), memory.bytes(), memory.kind());
  }

  /** Reads what a finished run left: the memory from its file, the times from its history. */
  public static Measurements read(Path run) {
    Path file = run.resolve(FILE_NAME);
    Map<?, ?> document = RunFolder.readObject(file, "a run");
    if (document.get("peak_memory_bytes") instanceof Number bytes
        && document.get("peak_memory_kind") instanceof String kind) {
      return of(History.parse(RunFolder.read(RunFolder.history(run))), new PeakMemory(bytes.longValue(), kind));
    }
    throw new UserError(file + ": not the measurements that a run writes; '" + Runs.resuming(run)
        + "' writes them again");
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
