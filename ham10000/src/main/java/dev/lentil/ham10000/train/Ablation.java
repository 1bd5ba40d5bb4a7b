package dev.lentil.ham10000.train;

import dev.lentil.ham10000.Once;
import dev.lentil.ham10000.UsageError;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.CsvTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What each of several changes to a configuration is worth, on the validation images alone.
 *
 * @param rows the base first
 */
public record Ablation(List<Row> rows) {
  /** The column of what a row took, which hangs on the machine. */
  public static final String SECONDS = "s an epoch";

  /** What the command itself says, whatever the settings that all rows share have for them. */
  private static final Set<String> SAID = Set.of(Setting.SEED.key(), Setting.EVALUATION_TEST.key());

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  /**
   * One configuration.
   *
   * @param recipe to start from; absent for the base's
   * @param settings {@code key=value}, after the base's
   * @param origin file and line, for errors
   */
  public record Row(String name, Optional<Recipe> recipe, List<String> settings, String origin) {
    private List<TrainingConfig.Assignment> assignments() {
      var place = new Origin(origin, true);
      return settings.stream().map(setting -> new TrainingConfig.Assignment(setting, place)).toList();
    }
  }

  /**
   * Reads a CSV file with the columns name, recipe and settings (separated by blanks).
   *
   * @throws UserError naming the line of what is wrong
   */
  public static Ablation read(Path file) {
    var table = CsvTable.read(file, "one to start from is ham10000/recipes/ablations.csv");
    if (!table.header().containsAll(List.of("name", "recipe", "settings")) || table.lines().isEmpty()) {
      throw new UserError(file + ": the columns name, recipe and settings are needed, and at least one row");
    }
    var rows = new LinkedHashMap<String, Row>();
    for (var line : table.lines()) {
      String name = line.get("name");
      String origin = file + ", line " + line.number();
      if (!NAME.matcher(name).matches() || rows.containsKey(name)) {
        throw new UserError(
            origin + ": the name '" + name + "' is not possible; every row needs "
                + "one of its own, of letters, digits, dots and hyphens, since it names a folder");
      }
      String recipe = line.get("recipe");
      String settings = line.get("settings");
      rows.put(name, new Row(name, recipe.isEmpty() ? Optional.empty() : Optional.of(recipe(recipe, origin)),
          settings.isEmpty() ? List.of() : List.of(settings.split("\\s+")), origin));
    }
    return new Ablation(List.copyOf(rows.values()));
  }

  private static Recipe recipe(String name, String origin) {
    try {
      return Recipe.of(name);
    } catch (UserError e) {
      throw new UserError(origin + ": " + e.getMessage(), e);
    }
  }

  /** The base and the named rows alone. */
  public Ablation only(List<String> names) {
    for (String name : names) {
      if (rows.stream().noneMatch(row -> row.name.equals(name))) {
        throw new UsageError("--only: there is no row '" + name + "'; the rows are "
            + String.join(", ", rows.stream().map(Row::name).toList()));
      }
    }
    return new Ablation(rows.stream().filter(row -> row == rows.getFirst() || names.contains(row.name)).toList());
  }

  /**
   * The configuration of a row.
   *
   * @param more settings that all rows share, after the base's and before the row's own
   */
  TrainingConfig config(Row row, List<String> more, long seed) {
    Row base = rows.getFirst();
    var settings = new ArrayList<>(base.assignments());
    more.forEach(setting -> settings.add(new TrainingConfig.Assignment(setting, Origin.SET)));
    if (row != base) {
      settings.addAll(row.assignments());
    }
    settings.add(TrainingConfig.Assignment.onCommandLine("--seeds", Setting.SEED.key() + "=" + seed));
    settings.add(TrainingConfig.Assignment.onCommandLine("ablate", Setting.EVALUATION_TEST.key() + "=false"));
    return TrainingConfig.ofAssignments(row.recipe.or(() -> base.recipe), List.of(), settings);
  }

  /** A row's results. */
  private record Measured(Row row, Spread auc, double secondsPerEpoch) {}

  /**
   * Trains every row with every seed; writes {@code ablations.md} and {@code ablations.csv} after each row.
   *
   * @return the table in Markdown
   */
  public String run(Path out, List<Long> seeds, List<String> more, Program program, PrintWriter screen) {
    // every mistake shows before hours of training
    Once.require("a seed", seeds);
    requireDifferent(more, seeds.getFirst());
    var series = new RunSeries(out, program, screen);
    rows.forEach(row -> seeds.forEach(seed -> series.requireInputs(run(row, seed), config(row, more, seed))));
    var done = new ArrayList<Measured>();
    TextTable table = table(done, more);
    for (Row row : rows) {
      var results =
          seeds.stream().map(seed -> series.run(run(row, seed), config(row, more, seed), Optional.empty()))
              .toList();
      done.add(new Measured(row, Spread.of(results.stream().map(RunSeries.Result::validationAuc).toList()),
          results.stream().mapToDouble(RunSeries.Result::secondsPerEpoch).average().orElseThrow()));
      table = table(done, more);
      table.write(out, "ablations",
          "Ablations on validation, seeds " + String.join(", ", seeds.stream().map(Object::toString).toList()));
    }
    return table.markdown();
  }

  private static String run(Row row, long seed) {
    return row.name + "-seed-" + seed;
  }

  /** Also shows settings that cannot be used. */
  private void requireDifferent(List<String> more, long seed) {
    var names = new HashMap<Map<String, String>, String>();
    for (Row row : rows) {
      String other = names.put(config(row, more, seed).asMap(), row.name);
      if (other != null) {
        throw new UserError("the rows '" + other + "' and '" + row.name
            + "' have the same settings, so the second would tell nothing; change one, or take others with --only");
      }
    }
  }

  private TextTable table(List<Measured> done, List<String> more) {
    return new TextTable(List.of("name", "what differs", "validation AUC", "from the base", SECONDS),
        done.stream().map(m -> List.of(m.row.name, differs(m.row, more), m.auc.text(),
            m == done.getFirst() ? "" : String.format(Locale.ROOT, "%+.4f", m.auc.mean() - done.getFirst().auc.mean()),
            String.format(Locale.ROOT, "%.1f", m.secondsPerEpoch))).toList());
  }

  /** What a row sets; of the base also what all rows share with it, but for paths and the like. */
  private String differs(Row row, List<String> more) {
    var settings = new LinkedHashMap<String, String>();
    row.settings.forEach(setting -> settings.put(key(setting), setting));
    if (row == rows.getFirst()) {
      more.stream().filter(setting -> Continuation.hasEffect(key(setting)) && !SAID.contains(key(setting)))
          .forEach(setting -> settings.put(key(setting), setting));
    }
    return row.recipe.map(recipe -> "recipe " + recipe + (settings.isEmpty() ? "" : ", ")).orElse("")
        + String.join(" ", settings.values());
  }

  private static String key(String setting) {
    return setting.substring(0, setting.indexOf('=')).strip();
  }
}
