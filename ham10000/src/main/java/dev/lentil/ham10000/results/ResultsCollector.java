package dev.lentil.ham10000.results;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.evaluate.PredictionsFile;
import dev.lentil.ham10000.evaluate.ProbabilitiesFile;
import dev.lentil.ham10000.train.Measurements;
import dev.lentil.ham10000.train.RunEnsemble;
import dev.lentil.ham10000.train.RunFolder;
import dev.lentil.ham10000.train.Runs;
import dev.lentil.ham10000.train.TestLog;
import dev.lentil.ham10000.train.TrainingConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Puts what is to be quoted into the folder of results. Everything is read and checked before anything is written. */
public final class ResultsCollector {
  /** How the name ends under which a folder is kept until another has taken its place. */
  private static final String OLD = ".old";

  private final Path folder;
  private final Metadata metadata;
  /** By the folder that they come from. */
  private final Map<Path, QuotedRun> runs = new LinkedHashMap<>();
  private final Map<Path, QuotedEnsemble> ensembles = new LinkedHashMap<>();
  private final Map<Path, QuotedAblations> ablations = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();

  private ResultsCollector(Path folder, Metadata metadata) {
    this.folder = folder;
    this.metadata = metadata;
  }

  /**
   * Adds runs, ensembles of several views and a folder of ablations, whose rows come behind those of the ones before.
   * An ensemble is joined to one of other seeds.
   *
   * @param folder of results; made when absent
   * @param metadata of the data set; nothing that it says of an image is kept
   * @return the names under which they are there
   * @throws UserError about the first that cannot be quoted, or that would replace another training or ensemble, and about runs
   *     in the folder that are of another data set
   */
  public static List<String> add(Path folder, List<Path> sources, Metadata metadata) {
    finishReplacing(folder);
    var collector = new ResultsCollector(folder, metadata);
    sources.forEach(collector::read);
    Results.keptRuns(folder).forEach(kept -> QuotedRun.read(kept, metadata));
    collector.runs.forEach(collector::requireNew);
    collector.ensembles.keySet().forEach(collector::requireMembers);
    return collector.write(sources);
  }

  private void read(Path source) {
    if (Files.exists(source.resolve(QuotedAblations.FILE_NAME))) {
      requireFirst(source, QuotedAblations.FOLDER);
      var own = QuotedAblations.read(source);
      Path kept = folder.resolve(QuotedAblations.FOLDER);
      ablations.put(source, Files.exists(kept) ? own.joinedTo(QuotedAblations.readKept(kept)) : own);
    } else if (Files.exists(source.resolve(RunEnsemble.FILE_NAME))) {
      var own = QuotedEnsemble.read(source, metadata);
      requireFirst(source, own.name());
      Path kept = folder.resolve(own.name());
      TrainingConfig config = Runs.configOf(QuotedEnsemble.runs(source).getFirst());
      ensembles.put(source,
          Files.exists(kept) ? own.joinedTo(QuotedEnsemble.readKept(kept, own.series(), config, metadata), kept) : own);
    } else {
      var run = QuotedRun.read(source, metadata);
      requireFirst(source, run.name());
      requireJudged(source, run);
      runs.put(source, run);
    }
  }

  private void requireFirst(Path source, String name) {
    if (!names.add(name)) {
      throw new UserError(source + ": a second " + name + "; name one of them");
    }
  }

  /** What cannot be judged would keep the page from being written. */
  private static void requireJudged(Path source, QuotedRun run) {
    try {
      Judged judged = Judged.ofSeed(run.name(), run.predictions());
      if (judged.tested()) {
        judged.testAuc();
      }
    } catch (IllegalArgumentException e) {
      throw new UserError(source.resolve(PredictionsFile.FILE_NAME) + ": the run cannot be quoted (" + e.getMessage()
          + "); leave it out, or train one on more lesions", e);
    }
  }

  /** The same run may come again, when it has looked at the test images since. */
  private void requireNew(Path source, QuotedRun run) {
    Path kept = folder.resolve(run.name());
    if (Files.exists(kept) && !QuotedRun.read(kept, metadata).sameTraining(run)) {
      throw new UserError(
          kept + ": there is another training of these settings and seed; remove that folder first if this "
              + "one shall take its place");
    }
    Stream.concat(runs.values().stream(), Results.folders(kept.getParent(), Results.SEED).stream()
        .map(other -> QuotedRun.read(other, metadata)))
        .filter(other -> other.series().name().equals(run.series().name()))
        .forEach(other -> Results.requireSame(source, run, other));
  }

  /** The page names the runs that are kept as the ensemble's members, so it must be made of those. */
  private void requireMembers(Path source) {
    for (Path path : QuotedEnsemble.runs(source)) {
      var member = QuotedRun.read(path, metadata);
      Path kept = folder.resolve(member.name());
      var quoted = runs.values().stream().filter(run -> run.name().equals(member.name())).findFirst()
          .or(() -> Files.exists(kept) ? Optional.of(QuotedRun.read(kept, metadata)) : Optional.empty())
          .orElseThrow(
              () -> new UserError(source + ": its member " + member.name() + " is not there; add the runs as well"));
      if (!quoted.sameTraining(member)) {
        throw new UserError(source + ": its member " + path + " is another training than " + member.name()
            + " of the results; make the ensemble of those runs");
      }
    }
  }

  private List<String> write(List<Path> sources) {
    var written = new ArrayList<String>();
    runs.forEach((source, run) -> {
      replace(run.name(), target -> {
        RunFolder.write(RunFolder.config(target), QuotedRun.withoutPaths(source).file());
        for (Path file : List.of(RunFolder.environment(source), RunFolder.history(source),
            source.resolve(Measurements.FILE_NAME))) {
          Files.copy(file, target.resolve(file.getFileName()));
        }
        ProbabilitiesFile.write(run.predictions(), target.resolve(ProbabilitiesFile.FILE_NAME));
      });
      written.add(run.name());
    });
    ensembles.values().forEach(ensemble -> {
      replace(ensemble.name(), target -> {
        RunFolder.write(target.resolve(RunEnsemble.FILE_NAME), ensemble.description());
        ProbabilitiesFile.write(ensemble.predictions(), target.resolve(ProbabilitiesFile.FILE_NAME));
      });
      written.add(ensemble.name());
    });
    ablations.forEach((source, table) -> {
      replace(QuotedAblations.FOLDER, target -> {
        RunFolder.write(target.resolve(QuotedAblations.FILE_NAME), PageTables.ablations(table).csv());
        for (TrainingConfig base : table.bases()) {
          RunFolder.write(target.resolve("base-seed-" + base.seed() + ".properties"), base.file());
        }
      });
      written.add(QuotedAblations.FOLDER);
    });
    writeLooks(sources);
    return List.copyOf(written);
  }

  private interface Content {
    void writeTo(Path target) throws IOException;
  }

  /** A folder is there as a whole or not at all; it is written beside its place under a name with a dot in front. */
  private void replace(String name, Content content) {
    Path target = folder.resolve(name);
    Path written = target.resolveSibling("." + target.getFileName() + ".new");
    Path old = target.resolveSibling("." + target.getFileName() + OLD);
    try {
      remove(written);
      Files.createDirectories(written);
      content.writeTo(written);
      remove(old);
      if (Files.exists(target)) {
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
      remove(old);
    } catch (IOException e) {
      throw new UncheckedIOException(target + ": cannot be written (" + Reason.of(e) + ")", e);
    }
  }

  /** A process that died between the two moves left a folder under its other name alone, with all that was joined in it. */
  static void finishReplacing(Path folder) {
    for (Path series : Stream.concat(Stream.of(folder), Results.folders(folder, "").stream()).toList()) {
      Results.folders(series, ".").stream().filter(path -> path.toString().endsWith(OLD))
          .forEach(ResultsCollector::putBack);
    }
  }

  private static void putBack(Path old) {
    String name = old.getFileName().toString();
    Path target = old.resolveSibling(name.substring(1, name.length() - OLD.length()));
    try {
      if (!Files.exists(target)) {
        Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new UserError(old + ": what an interrupted command left cannot be put back (" + Reason.of(e)
          + "); rename the folder to " + target.getFileName(), e);
    }
  }

  private static void remove(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  /**
   * All that the logs beside the runs hold, not only the lines of these runs: a look that chose something counts, too. Runs of
   * ablations are inside their folder, and so is their log.
   */
  private void writeLooks(List<Path> sources) {
    Set<TestLog.Look> looks = new LinkedHashSet<>(TestLog.read(folder.resolve(TestLog.FILE_NAME)));
    for (Path beside : Stream.concat(sources.stream().map(run -> Runs.itself(run).getParent()),
        ablations.keySet().stream().map(Runs::itself)).toList()) {
      TestLog.read(beside.resolve(TestLog.FILE_NAME))
          .forEach(look -> looks.add(look.in(beside.getFileName().toString())));
    }
    if (!looks.isEmpty()) {
      TestLog.write(folder.resolve(TestLog.FILE_NAME), looks);
    }
  }
}
