package dev.lentil.ham10000.results;

import dev.lentil.ham10000.evaluate.EvaluationText;
import dev.lentil.ham10000.train.Recipe;
import dev.lentil.ham10000.train.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was asked of the recipes before any of them was trained, and whether they reach it. */
final class Targets {
  /** Kept on validation where malignant recall is asked for. */
  static final double SPECIFICITY = 0.8;

  private static final double AUC_OF_SEEDS = 0.91;
  private static final double AUC_OF_ENSEMBLE = 0.925;
  private static final double RECALL = 0.82;
  private static final double ACCURACY = 0.87;
  private static final int SEEDS_OF_BEST = 3;
  private static final int SEEDS_OF_PAPER = 5;

  private Targets() {}

  static TextTable table(List<SeriesResults> recipes) {
    var rows = new ArrayList<List<String>>();
    rows.add(seeds(recipes, Recipe.PAPER_LITERAL, SEEDS_OF_PAPER));
    rows.add(seeds(recipes, Recipe.PAPER_INTENT, SEEDS_OF_PAPER));
    rows.add(seeds(recipes, Recipe.BEST, SEEDS_OF_BEST));
    var best = of(recipes, Recipe.BEST).filter(SeriesResults::tested);
    // fewer seeds than asked for say what is reached, not whether it is enough
    var judged = best.filter(r -> r.runs().size() >= SEEDS_OF_BEST);
    rows.add(row("`best`: test AUC, mean of seeds", AUC_OF_SEEDS, judged.map(r -> r.test(Figure.AUC.value()).mean()),
        best.map(r -> r.test(Figure.AUC.value()).text())));
    var views = best.flatMap(r -> r.testedViewed().findFirst());
    rows.add(row("`best`: test AUC, seeds and views averaged", AUC_OF_ENSEMBLE,
        views.map(e -> Figure.AUC.value().applyAsDouble(e.test())), views.map(e -> Figure.AUC.of(e.test()))));
    rows.add(row("`best`: malignant recall on test, threshold of specificity " + SPECIFICITY
        + " on validation, mean of seeds", RECALL, judged.map(r -> r.test(Figure.RECALL_AT_80.value()).mean()),
        best.map(r -> r.test(Figure.RECALL_AT_80.value()).text())));
    rows.add(row("its specificity on test, mean of seeds", SPECIFICITY,
        judged.map(r -> r.test(Figure.SPECIFICITY_AT_80.value()).mean()),
        best.map(r -> r.test(Figure.SPECIFICITY_AT_80.value()).text())));
    rows.add(row("`best`: accuracy on test, threshold of highest accuracy on validation, mean of seeds", ACCURACY,
        judged.map(r -> r.test(Figure.ACCURACY.value()).mean()),
        best.map(r -> r.test(Figure.ACCURACY.value()).text())));
    return new TextTable(List.of("what", "asked for, at least", "reached", ""), rows);
  }

  private static List<String> seeds(List<SeriesResults> recipes, Recipe recipe, int asked) {
    int there = of(recipes, recipe).filter(SeriesResults::tested).map(r -> r.runs().size()).orElse(0);
    return List.of("`" + recipe + "`: seeds judged by the test images", Integer.toString(asked),
        Integer.toString(there), there >= asked ? "met" : "not yet");
  }

  private static List<String> row(String what, double asked, Optional<Double> value, Optional<String> text) {
    return List.of(what, EvaluationText.fixed(asked), text.orElse(""),
        value.map(v -> v >= asked ? "met" : "not met").orElse("not yet judged"));
  }

  private static Optional<SeriesResults> of(List<SeriesResults> recipes, Recipe recipe) {
    return recipes.stream().filter(r -> r.series().isRecipe() && r.series().recipe() == recipe).findFirst();
  }
}
