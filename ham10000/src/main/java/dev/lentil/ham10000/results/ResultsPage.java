package dev.lentil.ham10000.results;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.LesionBootstrap;
import dev.lentil.ham10000.evaluate.Predictions;
import dev.lentil.ham10000.evaluate.RunComparison;
import dev.lentil.ham10000.report.ReportInput.PublishedResult;
import dev.lentil.ham10000.report.ResultsFigures;
import dev.lentil.ham10000.report.Template;
import dev.lentil.ham10000.train.RunFolder;
import dev.lentil.metrics.Reliability;
import dev.lentil.metrics.RocCurve;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The page of results and its figures, from the folder of results and the metadata: the same bytes each time. What words it
 * has of its own, in {@code results.md} of the resources, holds no result.
 *
 * @param markdown the page
 * @param figures SVG by the name of the file, which lies in a folder beside the page, named as the page
 */
public record ResultsPage(String markdown, Map<String, String> figures) {
  private static final String TEMPLATE = "/dev/lentil/ham10000/results/results.md";

  /**
   * Makes the page.
   *
   * @param folder of results
   * @param name of the page's file, without its ending
   * @param metadata of the data set, which has the lesion and the diagnosis of each image
   */
  public static ResultsPage of(Path folder, String name, Metadata metadata) {
    Results results = Results.read(folder, metadata);
    var series = SeriesResults.of(results);
    var recipes = series.stream().filter(s -> s.series().isRecipe()).toList();
    if (recipes.isEmpty()) {
      throw new UserError(folder + ": only variants are kept there; add a run of a recipe, such as of "
          + series.getFirst().series().recipe());
    }
    var tested = recipes.stream().filter(SeriesResults::tested).toList();
    var baseline = Judged.of("logistic regression on age, sex and site, no image", results.baseline());
    var figures = figures(tested);
    var places = new LinkedHashMap<String, String>();
    places.put("disclaimer", Disclaimer.TEXT);
    places.put("images", images(baseline.predictions()));
    places.put("targets", Targets.table(recipes).markdown());
    places.put("ranking", PageTables.ranking(recipes, baseline).markdown());
    places.put("threshold", PageTables.atThreshold(recipes, baseline).markdown());
    places.put("figures", figures.keySet().stream().map(file -> "![" + title(file) + "](" + name + "/" + file + ")\n")
        .collect(Collectors.joining("\n")));
    places.put("seeds", PageTables.seeds(series).markdown());
    places.put("diagnoses", ofTested(tested, t -> PageTables.diagnoses(t).markdown()));
    places.put("comparisons", compared(tested)
        .orElse("There are no two recipes yet that looked at the test images with the same seeds.\n"));
    places.put("calibration", ofTested(tested, t -> PageTables.calibration(t).markdown()));
    places.put("ablations",
        results.ablations().map(ResultsPage::ablations).orElse("No table of ablations is there yet.\n"));
    places.put("variants", series.size() == recipes.size()
        ? "No run of a variant is there yet.\n"
        : PageTables.variants(series).markdown() + comparedWithRecipe(series));
    places.put("costs", PageTables.costs(results.runs()).markdown());
    places.put("looks", results.looks().isEmpty()
        ? "There was none: no run on this page has looked at a test image.\n"
        : PageTables.looks(results.looks()).markdown());
    places.put("notes", results.notes().orElse(""));
    return new ResultsPage(Template.resource(TEMPLATE).fill(places).stripTrailing() + "\n", figures);
  }

  /** Writes the page, and its figures in a folder beside it. */
  public void write(Path page) {
    figures
        .forEach((file, svg) -> RunFolder.write(page.toAbsolutePath().resolveSibling(name(page)).resolve(file), svg));
    RunFolder.write(page, markdown);
  }

  /** The page's file without its ending. */
  public static String name(Path page) {
    return page.getFileName().toString().replaceFirst("\\.md$", "");
  }

  private static String ofTested(List<SeriesResults> tested, Function<List<SeriesResults>, String> table) {
    return tested.isEmpty() ? "No recipe's runs have all looked at the test images yet.\n" : table.apply(tested);
  }

  private static String images(Predictions predictions) {
    var texts = new ArrayList<String>();
    for (Subset subset : List.of(Subset.VALIDATION, Subset.TEST)) {
      var part = predictions.of(subset);
      long malignant = part.rows().stream().filter(row -> row.label() == 1).count();
      if (part.size() > 0) {
        texts.add(String.format(Locale.ROOT, "%s has %d images of %d lesions, %d of them malignant", subset,
            part.size(), part.lesions(),
            malignant));
      }
    }
    String text = String.join("; ", texts) + ".";
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static Map<String, String> figures(List<SeriesResults> tested) {
    var figures = new LinkedHashMap<String, String>();
    if (!tested.isEmpty()) {
      var curves = new LinkedHashMap<String, RocCurve>();
      var reliability = new LinkedHashMap<String, Reliability>();
      var seeds = new LinkedHashMap<String, List<ResultsFigures.Seed>>();
      for (SeriesResults recipe : tested) {
        String name = recipe.series().name();
        curves.put(name, recipe.drawn().test().roc());
        reliability.put(name, recipe.drawn().test().calibration().asGiven().equalMass());
        seeds.put(name, recipe.judged().stream().map(run -> new ResultsFigures.Seed(run.result().validation().auc(),
            run.test().test().auc().estimate())).toList());
      }
      figures.put("roc.svg", ResultsFigures.roc(curves, PublishedResult.PAPER));
      figures.put("seeds.svg", ResultsFigures.seeds(seeds));
      figures.put("reliability.svg", ResultsFigures.reliability(reliability));
    }
    return figures;
  }

  private static String title(String file) {
    return switch (file) {
      case "roc.svg" -> "ROC curves on test, of all seeds of a recipe averaged, and the paper's operating point";
      case "seeds.svg" -> "AUC of each seed on validation and on test";
      default -> "Reliability on test, of all seeds of a recipe averaged";
    };
  }

  /** With the seeds that all of them have, where there are several and such seeds. */
  private static Optional<String> compared(List<SeriesResults> tested) {
    var shared = new ArrayList<>(tested.isEmpty() ? List.<Long>of() : tested.getFirst().seeds());
    tested.forEach(series -> shared.retainAll(series.seeds()));
    if (tested.size() < 2 || shared.isEmpty()) {
      return Optional.empty();
    }
    var models = tested.reversed().stream()
        .map(series -> new RunComparison.Named(series.series().name(), series.meanOf(shared))).toList();
    return Optional.of("Seeds: " + SeriesResults.listed(shared) + ".\n\n"
        + PageTables.comparisons(RunComparison.of(models, LesionBootstrap.DEFAULT)).markdown());
  }

  /** Those variants that looked at the test images, each with its recipe alone, so that p-values are adjusted for no other pair. */
  private static String comparedWithRecipe(List<SeriesResults> series) {
    var tested = series.stream().filter(SeriesResults::tested).toList();
    return tested.stream()
        .flatMap(variant -> tested.stream().filter(one -> one.series().isRecipeOf(variant.series()))
            .flatMap(recipe -> compared(List.of(variant, recipe)).stream()))
        .map(table -> "\nOn test, compared as above. " + table).collect(Collectors.joining());
  }

  private static String ablations(QuotedAblations ablations) {
    var base = ablations.bases().getFirst();
    return String.format(Locale.ROOT, "The base has %dx%d pixels; seeds %s.\n\n", base.resolution().height(),
        base.resolution().width(),
        SeriesResults.listed(ablations.seeds()))
        + PageTables.ablations(ablations).markdown();
  }
}
