package dev.lentil.ham10000.results;

import dev.lentil.ham10000.evaluate.Ensemble;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.train.Spread;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that is kept of one recipe or variant.
 *
 * @param runs by seed
 * @param judged the same runs
 * @param mean of all seeds as they are, where there are several and all looked at the test images
 * @param viewed ensembles of several views
 */
record SeriesResults(Series series, List<QuotedRun> runs, List<Judged> judged, Optional<Judged> mean,
    List<Judged> viewed) {
  /** Those that have runs, in the order of the runs. */
  static List<SeriesResults> of(Results results) {
    return results.runs().stream().map(QuotedRun::series).distinct().map(series -> of(series,
        results.runs().stream().filter(run -> run.series().equals(series)).toList(),
        results.ensembles().stream().filter(ensemble -> ensemble.series().equals(series)).toList())).toList();
  }

  private static SeriesResults of(Series series, List<QuotedRun> runs, List<QuotedEnsemble> kept) {
    var judged = runs.stream().map(run -> Judged.ofSeed("seed " + run.config().seed(), run.predictions())).toList();
    var seeds = runs.stream().map(run -> run.config().seed()).toList();
    Optional<Judged> mean = runs.size() > 1 && judged.stream().allMatch(Judged::tested)
        ? Optional.of(Judged.of(nameOfMean(series, seeds), mean(runs)))
        : Optional.empty();
    var viewed = kept.stream().map(ensemble -> Judged.of(nameOfMean(series, ensemble.seeds()) + " and "
        + ensemble.views().all().size() + " views", ensemble.predictions())).toList();
    return new SeriesResults(series, runs, judged, mean, viewed);
  }

  private static String nameOfMean(Series series, List<Long> seeds) {
    return "`" + series.name() + "`, mean of seeds " + listed(seeds);
  }

  /** As the page names several seeds. */
  static String listed(List<Long> seeds) {
    return seeds.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  private static Predictions mean(List<QuotedRun> runs) {
    return Ensemble.mean(runs.stream().map(run -> QuotedPredictions.malignancy(run.predictions())).toList());
  }

  /** Whether every run has looked at the test images; a mean over some of them would be one of a choice. */
  boolean tested() {
    return judged.stream().allMatch(Judged::tested);
  }

  Spread validation() {
    return Spread.of(judged.stream().map(run -> run.result().validation().auc()).toList());
  }

  /** Of a figure of the test images, over the seeds. */
  Spread test(ToDoubleFunction<Evaluation> figure) {
    return Spread.of(judged.stream().map(run -> figure.applyAsDouble(run.test())).toList());
  }

  /** Those ensembles that were judged by the test images. */
  List<Judged> testedEnsembles() {
    return Stream.concat(mean.stream(), testedViewed()).toList();
  }

  /** Those of several views that were. */
  Stream<Judged> testedViewed() {
    return viewed.stream().filter(Judged::tested);
  }

  /** The mean of the runs with some seeds. */
  Predictions meanOf(List<Long> seeds) {
    return mean(runs.stream().filter(run -> seeds.contains(run.config().seed())).toList());
  }

  List<Long> seeds() {
    return runs.stream().map(run -> run.config().seed()).toList();
  }

  /** One curve to draw for the recipe: of all seeds together. */
  Judged drawn() {
    return mean.orElseGet(judged::getFirst);
  }
}
