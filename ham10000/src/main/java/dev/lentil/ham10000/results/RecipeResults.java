package dev.lentil.ham10000.results;

import dev.lentil.ham10000.evaluate.Ensemble;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.train.Recipe;
import dev.lentil.ham10000.train.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * All that is kept of one recipe.
 *
 * @param runs by seed
 * @param judged the same runs
 * @param ensembles of all seeds as they are, where there are several, then those of several views
 */
record RecipeResults(Recipe recipe, List<QuotedRun> runs, List<Judged> judged, List<Judged> ensembles) {
  /** Those of the recipes that have runs, in the recipes' order. */
  static List<RecipeResults> of(Results results) {
    return results.runs().stream().map(QuotedRun::recipe).distinct().map(recipe -> of(recipe,
        results.runs().stream().filter(run -> run.recipe() == recipe).toList(),
        results.ensembles().stream().filter(ensemble -> ensemble.recipe() == recipe).toList())).toList();
  }

  private static RecipeResults of(Recipe recipe, List<QuotedRun> runs, List<QuotedEnsemble> kept) {
    var judged = runs.stream().map(run -> Judged.ofSeed("seed " + run.config().seed(), run.predictions())).toList();
    var ensembles = new ArrayList<Judged>();
    if (runs.size() > 1 && judged.stream().allMatch(Judged::tested)) {
      ensembles.add(Judged.of("`" + recipe + "`, mean of seeds " + seeds(runs), mean(runs)));
    }
    kept.forEach(ensemble -> ensembles.add(Judged.of("`" + recipe + "`, mean of seeds "
        + ensemble.seeds().stream().map(Object::toString).collect(Collectors.joining(", ")) + " and "
        + ensemble.views().transforms().size() + " views", ensemble.predictions())));
    return new RecipeResults(recipe, runs, judged, List.copyOf(ensembles));
  }

  private static String seeds(List<QuotedRun> runs) {
    return runs.stream().map(run -> Long.toString(run.config().seed())).collect(Collectors.joining(", "));
  }

  static Predictions mean(List<QuotedRun> runs) {
    return Ensemble.mean(runs.stream().map(run -> QuotedRun.malignancy(run.predictions())).toList());
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

  /** Ensembles that were judged by the test images. */
  List<Judged> testedEnsembles() {
    return ensembles.stream().filter(Judged::tested).toList();
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
    return runs.size() > 1 ? ensembles.getFirst() : judged.getFirst();
  }
}
