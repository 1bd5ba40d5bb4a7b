package dev.lentil.ham10000.results;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.CsvTable;
import dev.lentil.ham10000.train.Ablation;
import dev.lentil.ham10000.train.Runs;
import dev.lentil.ham10000.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table of ablations.
 *
 * @param table as {@code ./lentil ablate} wrote it, the base first
 * @param bases the configurations of the base, one of each seed
 */
record QuotedAblations(CsvTable table, List<TrainingConfig> bases) {
  static final String FILE_NAME = "ablations.csv";

  /** Where the folder of results has them. */
  static final String FOLDER = "ablations";

  QuotedAblations {
    if (table.lines().isEmpty() || bases.isEmpty()) {
      throw new UserError(table.file() + ": no rows, or no finished run of the first of them beside it; "
          + "'./lentil ablate' writes both");
    }
  }

  /** Reads the folder of {@code ./lentil ablate}. */
  static QuotedAblations read(Path folder) {
    CsvTable table = table(folder);
    return new QuotedAblations(table, baseRuns(folder, table).map(QuotedRun::withoutPaths).toList());
  }

  /** Reads what the folder of results keeps of it. */
  static QuotedAblations readKept(Path folder) {
    try (var files = Files.list(folder)) {
      return new QuotedAblations(table(folder), files.filter(file -> file.toString().endsWith(".properties")).sorted()
          .map(file -> TrainingConfig.of(List.of(file), List.of())).toList());
    } catch (IOException e) {
      throw new UserError(folder + ": the folder cannot be read (" + Reason.of(e) + ")", e);
    }
  }

  private static CsvTable table(Path folder) {
    return CsvTable.read(folder.resolve(FILE_NAME), "'./lentil ablate' writes it");
  }

  /** The finished ones: a seed that is still being trained is not in the table. */
  private static Stream<Path> baseRuns(Path folder, CsvTable table) {
    String prefix = table.lines().stream().findFirst().map(line -> line.get("name")).orElse("") + "-seed-";
    try (var runs = Files.list(folder)) {
      return runs.filter(run -> run.getFileName().toString().startsWith(prefix) && Runs.isFinished(run)).sorted()
          .toList().stream();
    } catch (IOException e) {
      throw new UserError(folder + ": the folder cannot be read (" + Reason.of(e) + ")", e);
    }
  }

  /**
   * These rows behind the kept ones: what takes hours is measured on several days. A row of both is this one's.
   *
   * @throws UserError when the base is another or came out differently here, so that the rows do not compare
   */
  QuotedAblations joinedTo(QuotedAblations kept) {
    requireSame("configuration", kept, configurations(), kept.configurations());
    requireSame("row", kept, base(), kept.base());
    var own = table.lines();
    var lines = new ArrayList<>(own.subList(0, 1));
    kept.table.lines().stream().filter(line -> own.stream().noneMatch(o -> name(o).equals(name(line))))
        .forEach(lines::add);
    lines.addAll(own.subList(1, own.size()));
    return new QuotedAblations(new CsvTable(table.file(), table.header(), List.copyOf(lines)), bases);
  }

  private void requireSame(String what, QuotedAblations kept, String own, String other) {
    if (!own.equals(other)) {
      throw new UserError(("%s: the %s of its base is not that of %s:%n%s%n%s%nRows of different bases do not "
          + "compare; remove that folder first if this one shall take its place")
          .formatted(table.file(), what, kept.table.file().getParent(), own, other));
    }
  }

  private String configurations() {
    return bases.stream().map(TrainingConfig::file).collect(Collectors.joining());
  }

  /** All that is known of the base but how long it took. */
  private String base() {
    return table.header().stream().filter(column -> !column.equals(Ablation.SECONDS))
        .map(table.lines().getFirst()::get).collect(Collectors.joining(", "));
  }

  private static String name(CsvTable.Line line) {
    return line.get("name");
  }

  /** The seeds that each row was trained with. */
  List<Long> seeds() {
    return bases.stream().map(TrainingConfig::seed).sorted().toList();
  }
}
