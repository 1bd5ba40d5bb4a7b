package dev.lentil.ham10000.report;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.jfree.chart.JFreeChart;

/**
 * The report of a run: one HTML file without scripts and without anything from the network, to be read on a screen, on
 * a phone or on paper.
 */
public final class HtmlReport {
  /** The file's name inside a run's folder. */
  public static final String FILE_NAME = "report.html";

  // small units, so that the type in them stays legible when a phone shrinks them
  private static final int WIDTH = 540;
  private static final int HEIGHT = 350;
  private static final int SQUARE = 460;

  private final ReportInput input;
  private final SvgImage svg = new SvgImage();

  private HtmlReport(ReportInput input) {
    this.input = input;
  }

  /** The whole page. */
  public static String render(ReportInput input) {
    return new HtmlReport(input).page();
  }

  /** Writes the page; the file is never seen half written. */
  public static void write(ReportInput input, Path file) {
    var page = render(input);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
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
    html.put("style", Template.resource("report.css").text());
    html.put("title", Html.escape(input.title()));
    html.put("disclaimer", Html.escape(Disclaimer.TEXT));
    html.put("summary", Html.escape(input.summary()));
    html.put("key_numbers", ResultTables.keyNumbers(evaluation));
    html.put("figure_1",
        Html.figure("figure-1", "Figure 1. The stages of the method.", MethodFigures.stages(input.method())));
    html.put("figure_2", input.samples().isEmpty()
        ? ""
        : Html.figure("figure-2",
            "Figure 2. Images of both classes.", MethodFigures.samples(input.samples())));
    html.put("figure_3", Html.figure("figure-3", "Figure 3. The model, from the image to the probability.",
        MethodFigures.model(input.model())));
    html.put("figure_4",
        Html.figure("figure-4", "Figure 4. Results on the test images. Sensitivity, precision and F1 are those of "
            + "the malignant class. Intervals: " + ResultTables.intervalNote(evaluation.test().auc()) + ".",
            ResultTables.summary(input)));
    html.put("figure_5", Html.figure("figure-5", "Figure 5. Confusion matrices on the test images.",
        ResultTables.confusionMatrices(input)));
    html.put("figure_6",
        Html.figure("figure-6", "Figure 6. Classification report on the test images, " + threshold + ".",
            ResultTables.classificationReport(primary.matrix())));
    html.put("figure_7",
        chart("figure-7", "Figure 7. Threshold against performance on the test images. The dashed line marks the "
            + "threshold chosen on validation.", Charts.thresholds(evaluation.testSweep(), primary.threshold()),
            HEIGHT + 40));
    html.put("figure_8", chart("figure-8", "Figure 8. Macro and weighted averages, " + threshold + ".",
        Charts.averages(primary.matrix()), HEIGHT + 40));
    html.put("roc", chart("roc", "ROC curve on the test images, AUC "
        + ResultTables.interval(evaluation.test().auc()) + "; orange: the thresholds of figure 4.",
        Charts.roc(evaluation.roc(), evaluation.operatingPoints()), SQUARE));
    html.put("histogram",
        chart("histogram", "Probabilities given to the test images, by class. The dashed line marks the "
            + "threshold chosen on validation.", Charts.histogram(evaluation.histogram(), primary.threshold()),
            SQUARE));
    html.put("training", input.epochs().isEmpty() ? "" : training());
    html.put("diagnoses", ResultTables.diagnoses(evaluation));
    html.put("seven_class", evaluation.sevenClass().map(ResultTables::sevenClass).orElse(""));
    html.put("dataset", ResultTables.dataset(input.dataset(), evaluation));
    html.put("configuration", Html.definitions(input.configuration().entrySet()));
    html.put("environment", Html.definitions(input.environment().entrySet()));
    html.put("notes", Html.lines(input.notes(), note -> "<p>" + Html.escape(note) + "</p>"));
    return Template.resource("report.html").fill(html);
  }

  private String training() {
    var epochs = input.epochs();
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
        chart("training-loss", "Loss. The training loss is weighted by class, the validation loss is not.",
            TrainingCharts.loss(epochs), HEIGHT),
        anyAuc ? chart("training-auc", "Area under the ROC curve.", TrainingCharts.auc(epochs), HEIGHT) : "",
        chart("training-accuracy", "Accuracy at threshold 0.5.", TrainingCharts.accuracy(epochs), HEIGHT),
        ResultTables.epochs(epochs));
  }

  private String chart(String id, String caption, JFreeChart chart, int height) {
    return Html.figure(id, caption, svg.of(chart, caption, WIDTH, height));
  }
}
