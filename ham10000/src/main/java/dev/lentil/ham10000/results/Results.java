package dev.lentil.ham10000.results;

import dev.lentil.ham10000.Reason;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.evaluate.MetadataBaseline;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.train.RunFolder;
import dev.lentil.ham10000.train.TestLog;
import dev.lentil.io.FileReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The folder of results: a run in {@code SERIES/seed-N}, an ensemble in {@code SERIES/ensemble-VIEWS}, where a series is a
 * recipe or a variant of one, and beside them ablations, every look at the test images, and notes that are kept by hand.
 *
 * @param runs by recipe, itself before its variants, and seed
 * @param baseline the predictions of what sees no image, made of the metadata
 * @param looks at the test images
 * @param notes Markdown that goes into the page as it is
 */
record Results(List<QuotedRun> runs, List<QuotedEnsemble> ensembles, Predictions baseline,
    Optional<QuotedAblations> ablations, List<TestLog.Look> looks, Optional<String> notes) {
  /** How the folder of a run begins. */
  static final String SEED = "seed-";

  private static final String NOTES = "notes.md";

  /**
   * Reads the folder, in which first is put back what an interrupted command left.
   *
   * @param metadata of the data set, whose lesions and diagnoses are not kept
   */
  static Results read(Path folder, Metadata metadata) {
    ResultsCollector.finishReplacing(folder);
    var runs = new ArrayList<QuotedRun>();
    var ensembles = new ArrayList<QuotedEnsemble>();
    for (Path series : folders(folder, "")) {
      var own = new ArrayList<QuotedRun>();
      for (Path kept : folders(series, SEED)) {
        own.add(requireNamed(folder, kept, QuotedRun.read(kept, metadata)));
        requireSame(kept, own.getLast(), own.getFirst());
      }
      for (Path kept : own.isEmpty() ? List.<Path>of() : folders(series, QuotedEnsemble.PREFIX)) {
        ensembles.add(QuotedEnsemble.readKept(kept, own.getFirst().series(), own.getFirst().config(), metadata));
      }
      runs.addAll(own);
    }
    if (runs.isEmpty()) {
      throw new UserError(folder + ": no run is kept there; add one with './lentil results --add RUN', or start this "
          + "in the project's folder");
    }
    runs.sort(Comparator.comparing((QuotedRun run) -> run.series().recipe())
        .thenComparing(run -> !run.series().isRecipe()).thenComparing(run -> run.series().name())
        .thenComparing(run -> run.config().seed()));
    return new Results(List.copyOf(runs), List.copyOf(ensembles),
        QuotedPredictions.small(MetadataBaseline.predict(runs.getFirst().config().split(metadata))),
        existing(folder.resolve(QuotedAblations.FOLDER)).map(QuotedAblations::readKept),
        TestLog.read(folder.resolve(TestLog.FILE_NAME)),
        existing(folder.resolve(NOTES)).map(RunFolder::read));
  }

  /** A recipe's file may have changed since its runs were kept. */
  private static QuotedRun requireNamed(Path folder, Path kept, QuotedRun run) {
    if (!folder.resolve(run.name()).equals(kept)) {
      throw new UserError(kept + ": its settings are those of " + run.name() + "; remove the folder, and add runs of "
          + "the recipe as it is now");
    }
    return run;
  }

  /**
   * Requires that two runs of one name are of the same series.
   *
   * @param folder of the first
   */
  static void requireSame(Path folder, QuotedRun run, QuotedRun other) {
    if (!run.series().equals(other.series())) {
      throw new UserError(folder + ": " + run.name() + " is " + run.series().settings() + ", and seed "
          + other.config().seed() + " of the same name is " + other.series().settings()
          + "; put variants into folders of different names");
    }
  }

  private static Optional<Path> existing(Path path) {
    return Optional.of(path).filter(Files::exists);
  }

  /** The folders of all runs. */
  static List<Path> keptRuns(Path folder) {
    return folders(folder, "").stream().flatMap(series -> folders(series, SEED).stream()).toList();
  }

  /** Those inside a folder, if there is one, whose name begins so. */
  static List<Path> folders(Path folder, String prefix) {
    if (!Files.isDirectory(folder) && FileReason.unreachable(folder).isEmpty()) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.filter(file -> Files.isDirectory(file) && file.getFileName().toString().startsWith(prefix))
          .sorted().toList();
    } catch (IOException e) {
      throw new UserError(folder + ": the folder cannot be read (" + Reason.of(e) + ")", e);
    }
  }
}
