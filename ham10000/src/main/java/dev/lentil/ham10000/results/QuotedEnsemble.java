package dev.lentil.ham10000.results;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.evaluate.Ensemble;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.train.RunEnsemble;
import dev.lentil.ham10000.train.RunFolder;
import dev.lentil.ham10000.train.Runs;
import dev.lentil.ham10000.train.TrainingConfig;
import dev.lentil.mobilenetv2.image.Views;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Several seeds of a series, predicted anew with several views of each image, and averaged. Averages of the predictions that the
 * runs made themselves need no folder: the page makes them.
 */
record QuotedEnsemble(Series series, List<Long> seeds, Views views, Predictions predictions) {
  /** How the folder of an ensemble begins. */
  static final String PREFIX = "ensemble-";

  /** Reads what {@code ./lentil ensemble} wrote; the runs must still be where they were, seen from there. */
  static QuotedEnsemble read(Path folder, Metadata metadata) {
    var series = runs(folder).stream().map(run -> Series.of(run, Runs.configOf(run))).distinct().toList();
    if (series.size() != 1) {
      throw new UserError(folder + ": an ensemble of seeds of one recipe or variant can be quoted, and this one is of "
          + series.stream().map(Series::name).collect(Collectors.joining(", ")));
    }
    return new QuotedEnsemble(series.getFirst(),
        runs(folder).stream().map(run -> Runs.configOf(run).seed()).sorted().toList(),
        views(folder),
        QuotedPredictions.readIn(folder, Runs.configOf(runs(folder).getFirst()), metadata));
  }

  /** The folders of the runs that {@code ./lentil ensemble} averaged. */
  static List<Path> runs(Path folder) {
    return strings(folder, document(folder).get("runs")).stream()
        .map(run -> folder.resolve(run).normalize()).toList();
  }

  /**
   * Reads what {@link #description} and the predictions beside it say.
   *
   * @param config of a run of the series
   */
  static QuotedEnsemble readKept(Path folder, Series series, TrainingConfig config, Metadata metadata) {
    var seeds = strings(folder, document(folder).get("runs")).stream()
        .map(name -> Long.parseLong(name.substring(name.lastIndexOf('-') + 1))).toList();
    return new QuotedEnsemble(series, seeds, views(folder), QuotedPredictions.readIn(folder, config, metadata));
  }

  /**
   * This ensemble and a kept one of other seeds as one of all of them, each seed counting as much, so that the weights of
   * all need not be at hand together.
   *
   * @param folder of the kept one
   * @throws UserError when they share a seed and are not the same, or are not of the same images
   */
  QuotedEnsemble joinedTo(QuotedEnsemble kept, Path folder) {
    if (kept.seeds.equals(seeds) && kept.predictions.equals(predictions)) {
      return this;
    }
    if (kept.seeds.stream().anyMatch(seeds::contains)) {
      throw new UserError(folder + ": there is another ensemble with some of these seeds; remove that folder first if "
          + "this one shall take its place");
    }
    var members = new ArrayList<>(Collections.nCopies(kept.seeds.size(), kept.predictions));
    members.addAll(Collections.nCopies(seeds.size(), predictions));
    try {
      return new QuotedEnsemble(series, Stream.concat(kept.seeds.stream(), seeds.stream()).sorted().toList(), views,
          QuotedPredictions.small(Ensemble.mean(members)));
    } catch (IllegalArgumentException e) {
      throw new UserError(folder + ": the ensemble there is not of the same images: " + e.getMessage(), e);
    }
  }

  /** What it is called: {@code best/ensemble-dihedral}. */
  String name() {
    return series.name() + "/" + PREFIX + views;
  }

  /** The text of {@code ensemble.json} in the folder of results. */
  String description() {
    return RunEnsemble.description(Path.of(name()), seeds.stream().map(seed -> Path.of(series.run(seed))).toList(),
        views.toString());
  }

  private static Views views(Path folder) {
    String views = String.valueOf(document(folder).get("views"));
    return Views.named(views).orElseThrow(() -> new UserError(folder + ": its views are '" + views
        + "'; what averages the runs' own predictions is not added, the page makes it of the runs; add one made with "
        + "--views"));
  }

  private static Map<?, ?> document(Path folder) {
    return RunFolder.readObject(folder.resolve(RunEnsemble.FILE_NAME), "'./lentil ensemble'");
  }

  private static List<String> strings(Path folder, Object list) {
    if (list instanceof List<?> names && !names.isEmpty()) {
      return names.stream().map(Object::toString).toList();
    }
    throw new UserError(folder.resolve(RunEnsemble.FILE_NAME) + ": names no runs");
  }
}
