package dev.lentil.ham10000.report;

import dev.lentil.ham10000.data.Task;
import dev.lentil.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The report of a run or of an ensemble: one HTML file without scripts and without anything from the network, to be read on a screen, on
 * a phone or on paper.
 */
public final class HtmlReport {
  /** The file's name inside a run's folder. */
  public static final String FILE_NAME = "report.html";

  private static final Pattern SECTION = Pattern.compile("<section id=\"([\\w-]+)\">\\s*<h2>([^<]+)</h2>");
  private static final String NO_LINKS = "<nav aria-label=\"Sections\"></nav>";
  private static final int HEIGHT = Figures.HEIGHT;
  private static final int SQUARE = Figures.SQUARE;

  private final ReportInput input;
  private final Figures figures = new Figures();

  private HtmlReport(ReportInput input) {
    this.input = input;
  }

  /** The whole page. */
  public static String render(ReportInput input) {
    return new HtmlReport(input).page();
  }

  /** Writes the page, and its charts into the folder {@code figures} beside it; no file is ever seen half written. */
  public static void write(ReportInput input, Path file) {
    var report = new HtmlReport(input);
    var page = report.page();
    try {
      report.figures.write(file);
      AtomicFile.write(file, page);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private String page() {
    var evaluation = input.evaluation();
    var primary = evaluation.primary();
    var threshold = "threshold " + Html.number(primary.threshold(), 4) + ", " + primary.title();
    var html = new LinkedHashMap<String, String>();
    html.put("title", Html.escape(input.title()));
    html.put("summary", Html.escape(input.summary()));
    html.put("key_numbers", RunTables.keyNumbers(evaluation));
    html.put("figure_1",
        Html.figure("figure-1", "Figure 1. The stages of the method.", MethodFigures.stages(input.method())));
    html.put("figure_2", input.samples().isEmpty()
        ? ""
        : Html.figure("figure-2",
            "Figure 2. Images of both classes.", MethodFigures.samples(input.samples())));
    html.put("figure_3", input.model().isEmpty()
        ? ""
        : Html.figure("figure-3", "Figure 3. The model, from the image to the probability.",
            MethodFigures.model(input.model())));
    html.put("table_1",
        Html.figure("table-1", "Table 1. Results on the test images. Sensitivity, precision and F1 are those of "
            + "the malignant class. Intervals: " + RunTables.intervalNote(evaluation.test().auc()) + ".",
            RunTables.summary(input)));
    html.put("table_2", Html.figure("table-2", "Table 2. Confusion matrices on the test images.",
        RunTables.confusionMatrices(input)));
    html.put("table_3",
        Html.figure("table-3", "Table 3. Classification report on the test images, " + threshold + ".",
            RunTables.classificationReports(primary.matrix(), input.published())));
    html.put("thresholds",
        figures.chart("thresholds",
            "Figure 4. Threshold against performance on the test images. The dashed line marks the "
                + "threshold chosen on validation.",
            Charts.thresholds(evaluation.testSweep(), primary.threshold()),
            HEIGHT + 40));
    html.put("averages", figures.chart("averages", "Figure 5. Macro and weighted averages, " + threshold + ".",
        Charts.averages(primary.matrix(), input.published()), HEIGHT + 40));
    html.put("roc", figures.chart("roc", "Figure 6. ROC curve on the test images, AUC "
        + RunTables.interval(evaluation.test().auc()) + "; dots: the thresholds of table 1.",
        Charts.roc(evaluation.roc(), evaluation.operatingPoints(), input.published()), SQUARE));
    html.put("histogram",
        figures.chart("histogram",
            "Figure 8. Probabilities given to the test images, by class. The dashed line marks the "
                + "threshold chosen on validation.",
            Charts.histogram(evaluation.histogram(), primary.threshold()),
            SQUARE));
    curves(html);
    tables(html);
    html.put("training", input.epochs().isEmpty() ? "" : training());
    html.put("cases",
        input.cases().map(cases -> section("cases", "What the answers depend on", cases.html())).orElse(""));
    html.put("model_card", input.modelCard().map(card -> section("model-card", "Model card", card.html())).orElse(""));
    html.put("data_card", input.dataCard().map(card -> section("data-card", "Data card", card.html())).orElse(""));
    html.put("seven_class", evaluation.sevenClass().map(RunTables::sevenClass).orElse(""));
    html.put("dataset", RunTables.dataset(input.dataset(), evaluation));
    html.put("configuration", Html.definitions(input.configuration().entrySet()));
    html.put("environment", Html.definitions(input.environment().entrySet()));
    html.put("notes", Html.lines(input.notes(), note -> "<p>" + Html.escape(note) + "</p>"));
    return Page.of(input.title(), "", withNavigation(Template.resource("report.html").fill(html)));
  }

  /** Links to the sections that there are. */
  private static String withNavigation(String html) {
    var links = SECTION.matcher(html).results()
        .map(section -> "<a href=\"#" + section.group(1) + "\">" + section.group(2) + "</a>").toList();
    return html.replace(NO_LINKS, NO_LINKS.replace("></nav>", ">\n" + String.join("\n", links) + "\n</nav>"));
  }

  private void curves(Map<String, String> html) {
    var evaluation = input.evaluation();
    var test = evaluation.test();
    double prevalence = (double) test.malignant() / test.images();
    html.put("precision_recall",
        figures.chart("precision-recall", "Figure 7. Precision against recall on the test images; average "
            + "precision " + RunTables.interval(evaluation.summary().averagePrecision()) + ".",
            CurveCharts.precisionRecall(evaluation.precisionRecall(), prevalence), SQUARE));
    html.put("reliability",
        figures.chart("reliability", "Figure 9. Calibration on the test images, ten bins with equal numbers of "
            + "images. Below the dashed line the network's probabilities are too high.",
            CurveCharts.reliability(evaluation.calibration()), SQUARE));
    html.put("decision",
        figures.chart("decision-curve", "Figure 10. Net benefit on the test images: malignant images found, minus "
            + "false alarms weighted by the odds of the threshold. The network is useful where its curve is above both treating "
            + "all and treating none.",
            CurveCharts.decision(evaluation.decisionCurve(), evaluation.calibratedDecisionCurve(),
                prevalence),
            SQUARE));
  }

  private void tables(Map<String, String> html) {
    var evaluation = input.evaluation();
    html.put("intervals", EvaluationTables.summary(evaluation));
    html.put("fixed_rates", EvaluationTables.fixedRates(evaluation.fixedRates()));
    html.put("calibration", EvaluationTables.calibration(evaluation.calibration()));
    html.put("subgroups", EvaluationTables.subgroups(evaluation.subgroups()));
    html.put("baselines", evaluation.baselines().isEmpty()
        ? ""
        : "<div class=\"titled\">\n<h3>Against the baselines</h3>\n"
            + EvaluationTables.baselines(evaluation.baselines()) + "\n</div>");
    html.put("diagnoses", RunTables.diagnoses(evaluation));
  }

  private static String section(String id, String title, String html) {
    return "<section id=\"" + id + "\">\n<h2>" + title + "</h2>\n" + html + "\n</section>";
  }

  private String training() {
    var epochs = input.epochs();
    boolean sevenClass = input.evaluation().task() == Task.SEVEN_CLASS;
    boolean anyAuc = epochs.stream().anyMatch(e -> Double.isFinite(e.auc()) || Double.isFinite(e.valAuc()));
    return """
        <section id="training">
        <h2>Training</h2>
        <div class="charts">
        %s
        %s
        %s
        </div>
        <details>
        <summary>All epochs</summary>
        %s
        </details>
        </section>""".formatted(
        figures.chart("training-loss",
            "Figure 11. Loss. " + input.trainingLoss(),
            TrainingCharts.loss(epochs), HEIGHT),
        figures.chart("training-accuracy", "Figure 12. " + (sevenClass
            ? "Accuracy: the most probable diagnosis is the right one."
            : "Accuracy at threshold 0.5."), TrainingCharts.accuracy(epochs), HEIGHT),
        anyAuc
            ? figures.chart("training-auc", "Figure 13. Area under the ROC curve" + (sevenClass
                ? ", mean of the seven diagnoses, each against the rest."
                : "."), TrainingCharts.auc(epochs), HEIGHT)
            : "",
        RunTables.epochs(epochs));
  }
}
