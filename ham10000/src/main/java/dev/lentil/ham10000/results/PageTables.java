package dev.lentil.ham10000.results;

import static dev.lentil.ham10000.evaluate.EvaluationText.bounds;
import static dev.lentil.ham10000.evaluate.EvaluationText.fixed;

import dev.lentil.ham10000.data.Diagnosis;
import dev.lentil.ham10000.evaluate.Calibration;
import dev.lentil.ham10000.evaluate.EvaluationText;
import dev.lentil.ham10000.evaluate.RunComparison;
import dev.lentil.ham10000.report.ReportInput.PublishedResult;
import dev.lentil.ham10000.train.Measurements;
import dev.lentil.ham10000.train.TestLog;
import dev.lentil.ham10000.train.TextTable;
import dev.lentil.metrics.ConfusionMatrix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of the page. */
final class PageTables {
  private static final String NOT_OPENED = "not looked at";
  private static final int REVISION_DIGITS = 12;

  private PageTables() {}

  /** Recipes, ensembles and what they must beat, without a threshold or at one that keeps a specificity. */
  static TextTable ranking(List<SeriesResults> recipes, Judged baseline) {
    var rows = rows(recipes, baseline, Figure.RANKING, true);
    rows.add(filled(List.of(PublishedResult.PAPER.name(), "", "", "not stated"), 3 + Figure.RANKING.size()));
    return new TextTable(Stream.concat(Stream.of("", "seeds", "validation AUC"), names(Figure.RANKING)).toList(), rows);
  }

  /** The same at the threshold of highest accuracy. */
  static TextTable atThreshold(List<SeriesResults> recipes, Judged baseline) {
    var rows = rows(recipes, baseline, Figure.AT_THRESHOLD, false);
    rows.add(matrix("always benign", PublishedResult.PAPER.matrix().always(0)));
    rows.add(matrix(PublishedResult.PAPER.name() + " (threshold of highest accuracy on test)",
        PublishedResult.PAPER.matrix()));
    return new TextTable(Stream.concat(Stream.of(""), names(Figure.AT_THRESHOLD)).toList(), rows);
  }

  private static Stream<String> names(List<Figure> figures) {
    return figures.stream().map(Figure::name);
  }

  private static List<List<String>> rows(List<SeriesResults> recipes, Judged baseline, List<Figure> figures,
      boolean validation) {
    var rows = new ArrayList<List<String>>();
    for (SeriesResults recipe : recipes) {
      if (validation || recipe.tested()) {
        var row = new ArrayList<>(List.of("`" + recipe.series().name() + "`"));
        if (validation) {
          row.addAll(List.of(Integer.toString(recipe.runs().size()), recipe.validation().text()));
        }
        row.addAll(recipe.tested()
            ? figures.stream().map(figure -> recipe.test(figure.value()).text()).toList()
            : filled(List.of(NOT_OPENED), figures.size()));
        rows.add(row);
      }
    }
    Stream.concat(recipes.stream().flatMap(recipe -> recipe.testedEnsembles().stream()), Stream.of(baseline))
        .forEach(one -> {
          var row = new ArrayList<>(List.of(one.name()));
          if (validation) {
            row.addAll(List.of("", bounds(one.result().validation().subset().auc())));
          }
          row.addAll(figures.stream().map(figure -> figure.of(one.test())).toList());
          rows.add(row);
        });
    return rows;
  }

  private static List<String> filled(List<String> cells, int size) {
    return Stream.concat(cells.stream(), Collections.nCopies(size - cells.size(), "").stream()).toList();
  }

  private static List<String> matrix(String name, ConfusionMatrix m) {
    return List.of(name, fixed(m.accuracy()), fixed(m.sensitivity()), fixed(m.specificity()),
        fixed(m.balancedAccuracy()), fixed(m.matthews()), fixed(m.f1(1)));
  }

  /** Each run. */
  static TextTable seeds(List<SeriesResults> recipes) {
    var rows = new ArrayList<List<String>>();
    for (SeriesResults recipe : recipes) {
      for (Judged run : recipe.judged()) {
        var row = new ArrayList<>(List.of("`" + recipe.series().name() + "`, " + run.name(),
            bounds(run.result().validation().subset().auc()), fixed(run.result().validation().threshold())));
        row.addAll(recipe.tested()
            ? Stream.concat(Stream.of(bounds(run.testAuc())),
                Stream.of(Figure.ACCURACY, Figure.RECALL_AT_80, Figure.SPECIFICITY_AT_80)
                    .map(figure -> fixed(figure.value().applyAsDouble(run.test()))))
                .toList()
            : filled(List.of(NOT_OPENED), 4));
        rows.add(row);
      }
    }
    return new TextTable(List.of("run", "validation AUC", "threshold", "test AUC", "accuracy", "recall",
        "its specificity"), rows);
  }

  /** Share of each diagnosis on the right side of the threshold of highest accuracy. */
  static TextTable diagnoses(List<SeriesResults> tested) {
    var columns = new ArrayList<Function<Integer, String>>();
    var header = new ArrayList<>(List.of("diagnosis", "images"));
    for (SeriesResults recipe : tested) {
      header.add("`" + recipe.series().name() + "`");
      columns.add(d -> recipe.test(test -> test.diagnoses().get(d).recall()).text());
      recipe.testedEnsembles().stream().reduce((_, last) -> last).ifPresent(ensemble -> {
        header.add(ensemble.name());
        columns.add(d -> ensemble.test().diagnoses().get(d).onRightSide().map(EvaluationText::bounds).orElse(""));
      });
    }
    var images = tested.getFirst().judged().getFirst().test().diagnoses();
    var rows = Stream.of(Diagnosis.values()).map(diagnosis -> Stream.concat(
        Stream.of(diagnosis.code() + (diagnosis.malignant() ? " (malignant)" : " (benign)"),
            Integer.toString(images.get(diagnosis.ordinal()).images())),
        columns.stream().map(column -> column.apply(diagnosis.ordinal()))).toList()).toList();
    return new TextTable(header, rows);
  }

  /** Every two recipes. */
  static TextTable comparisons(RunComparison comparison) {
    return new TextTable(
        List.of("first", "second", "AUC, first minus second", "p, DeLong by lesions", "adjusted",
            "right in one alone, first : second", "p, McNemar", "adjusted"),
        comparison.pairs().stream().map(pair -> {
          var c = pair.comparison();
          return List.of("`" + pair.first() + "`", "`" + pair.second() + "`", bounds(c.aucDifference()),
              EvaluationText.pValue(c.clusteredDelong().p()), EvaluationText.pValue(pair.adjustedDelongP()),
              c.mcnemar().onlyFirst() + " : " + c.mcnemar().onlySecond(), EvaluationText.pValue(c.mcnemar().exactP()),
              EvaluationText.pValue(pair.adjustedMcnemarP()));
        }).toList());
  }

  /** Calibration error of bins of equal mass and Brier score, before and after. */
  static TextTable calibration(List<SeriesResults> tested) {
    var figures = List.<ToDoubleFunction<Calibration>>of(c -> c.temperature().temperature(),
        c -> c.asGiven().equalMassError(), c -> c.temperatureScaled().equalMassError(),
        c -> c.plattScaled().map(Calibration.Measures::equalMassError).orElse(Double.NaN),
        c -> c.asGiven().brier().score(), c -> c.temperatureScaled().brier().score(),
        c -> c.plattScaled().map(m -> m.brier().score()).orElse(Double.NaN));
    var rows = new ArrayList<List<String>>();
    for (SeriesResults recipe : tested) {
      rows.add(Stream.concat(Stream.of("`" + recipe.series().name() + "`"),
          figures.stream().map(f -> recipe.test(test -> f.applyAsDouble(test.calibration())).text())).toList());
      recipe.testedEnsembles().forEach(ensemble -> rows.add(Stream.concat(Stream.of(ensemble.name()),
          figures.stream().map(f -> fixed(f.applyAsDouble(ensemble.test().calibration())))).toList()));
    }
    return new TextTable(List.of("", "temperature", "ECE as given", "after temperature", "after Platt's scaling",
        "Brier score as given", "after temperature", "after Platt's scaling"), rows);
  }

  /** As {@code ./lentil ablate} wrote it. */
  static TextTable ablations(QuotedAblations ablations) {
    var header = ablations.table().header();
    return new TextTable(header,
        ablations.table().lines().stream().map(line -> header.stream().map(line::get).toList()).toList());
  }

  /** Every recipe that has variants, and these below it. */
  static TextTable variants(List<SeriesResults> series) {
    var rows = new ArrayList<List<String>>();
    for (var alike : series.stream()
        .collect(Collectors.groupingBy(one -> one.series().recipe(), LinkedHashMap::new, Collectors.toList()))
        .values()) {
      if (alike.getLast().series().isRecipe()) {
        continue;
      }
      double first = alike.getFirst().series().isRecipe() ? alike.getFirst().validation().mean() : Double.NaN;
      for (SeriesResults one : alike) {
        boolean compared = !one.series().isRecipe() && !Double.isNaN(first);
        rows.add(List.of("`" + one.series().name() + "`", String.join(" ", one.series().changes()),
            SeriesResults.listed(one.seeds()), one.validation().text(),
            compared ? String.format(Locale.ROOT, "%+.4f", one.validation().mean() - first) : "",
            one.tested() ? one.test(Figure.AUC.value()).text() : NOT_OPENED));
        one.testedEnsembles().forEach(ensemble -> rows.add(List.of(ensemble.name(), "", "",
            bounds(ensemble.result().validation().subset().auc()), "", Figure.AUC.of(ensemble.test()))));
      }
    }
    return new TextTable(List.of("name", "what differs", "seeds", "validation AUC", "from the recipe", "test AUC"),
        rows);
  }

  /** What the runs cost. */
  static TextTable costs(List<QuotedRun> runs) {
    return new TextTable(List.of("run", "built from", "on", "epochs", "s an epoch (median)", "hours", "peak memory"),
        runs.stream().map(run -> {
          Measurements m = run.measurements();
          return List.of("`" + run.series().name() + "`, seed " + run.config().seed(),
              "`" + run.environment().getOrDefault("git_revision", "unknown") + "`",
              run.environment().getOrDefault("device", "unknown"),
              each(m, stage -> Integer.toString(stage.epochs())), each(m, stage -> number(stage.medianSeconds(), 0)),
              number(m.stages().stream().mapToDouble(Measurements.StageTime::totalSeconds).sum() / 3600, 2),
              number(m.peakMemoryBytes() / (double) (1L << 30), 2) + " GiB, " + m.peakMemoryKind());
        }).toList());
  }

  private static String each(Measurements measurements, Function<Measurements.StageTime, String> of) {
    return measurements.stages().stream().map(of).collect(Collectors.joining(" + "));
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  /** Every look at the test images. */
  static TextTable looks(List<TestLog.Look> looks) {
    return new TextTable(List.of("when", "run", "build", "configuration's SHA-256", "what for", "test AUC"),
        looks.stream().map(look -> List.of(look.time(), look.run(), look.build(),
            look.configSha256().substring(0, Math.min(REVISION_DIGITS, look.configSha256().length())) + "..",
            look.purpose(), fixed(Double.parseDouble(look.auc())))).toList());
  }
}
