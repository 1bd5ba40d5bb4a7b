package dev.lentil.ham10000.report;

import dev.lentil.ham10000.data.Task;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.report.ReportInput.DatasetRow;
import dev.lentil.ham10000.report.ReportInput.EpochRow;
import dev.lentil.ham10000.report.ReportInput.PublishedResult;
import dev.lentil.metrics.ClassificationReport;
import dev.lentil.metrics.ConfusionMatrix;
import dev.lentil.metrics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The report's tables of results, tables 1 to 3 among them. */
final class RunTables {
  private static final int DIGITS = 4;
  // an interval of +-0.02 makes the fourth digit noise
  private static final int AUC_DIGITS = 3;
  /** Where there is no number. */
  static final String NONE = "\u2013";

  private RunTables() {}

  /** The few numbers to remember, large. */
  static String keyNumbers(Evaluation evaluation) {
    var auc = evaluation.test().auc();
    var matrix = evaluation.primary().matrix();
    return keyNumber(Html.number(auc.estimate(), 3), "test AUC",
        Html.number(100 * auc.level(), 0) + "% interval " + bounds(auc))
        + keyNumber(percent(matrix.accuracy()), "accuracy", "always benign: " + percent(matrix.always(0).accuracy()))
        + keyNumber(percent(matrix.sensitivity()), "sensitivity",
            matrix.count(1, 1) + " of " + matrix.support(1) + " malignant images found")
        + keyNumber(percent(matrix.specificity()), "specificity",
            matrix.count(0, 1) + " of " + matrix.support(0) + " benign images called malignant");
  }

  private static String keyNumber(String value, String name, String remark) {
    return "<div><b>%s</b><span>%s</span><small>%s</small></div>\n"
        .formatted(Html.escape(value), Html.escape(name), Html.escape(remark));
  }

  private static String percent(double fraction) {
    return Html.number(100 * fraction, 1) + "%";
  }

  /** Table 1. */
  static String summary(ReportInput input) {
    var rows = new ArrayList<List<String>>();
    for (var point : input.evaluation().operatingPoints()) {
      rows.add(summaryRow(capitalised(point.title()), Html.number(point.threshold(), DIGITS), point.matrix(),
          interval(input.evaluation().test().auc())));
    }
    input.published().ifPresent(p -> rows.add(
        summaryRow(p.name() + " (" + p.remark() + ")", Html.number(p.threshold(), 2), p.matrix(), NONE)));
    for (var baseline : input.evaluation().baselines()) {
      var point = baseline.primary();
      rows.add(summaryRow("Baseline, " + baseline.name(), Html.number(point.threshold(), DIGITS), point.matrix(),
          interval(baseline.auc())));
    }
    rows.add(summaryRow("Always benign", NONE, input.evaluation().primary().matrix().always(0), "0.500"));
    return Html.table(
        List.of("", "Threshold", "Accuracy", "Sensitivity", "Specificity", "Precision", "F1", "Macro F1", "AUC"), rows);
  }

  private static String capitalised(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static List<String> summaryRow(String name, String threshold, ConfusionMatrix m, String auc) {
    return List.of(name, threshold, Html.number(m.accuracy(), DIGITS), Html.number(m.sensitivity(), DIGITS),
        Html.number(m.specificity(), DIGITS), Html.number(m.precision(1), DIGITS), Html.number(m.f1(1), DIGITS),
        Html.number(m.macro().f1(), DIGITS), auc);
  }

  /** Table 2: the matrix at each threshold, and the published one. */
  static String confusionMatrices(ReportInput input) {
    var html = new StringBuilder("<div class=\"matrices\">\n");
    for (var point : input.evaluation().operatingPoints()) {
      html.append(confusionMatrix("Threshold " + Html.number(point.threshold(), DIGITS) + ": " + point.title(),
          point.matrix(), Task.BINARY.labels()));
    }
    input.published().ifPresent(p -> html.append(
        confusionMatrix(p.name() + ", threshold " + Html.number(p.threshold(), 2), p.matrix(), Task.BINARY.labels())));
    return html.append("</div>").toString();
  }

  private static String confusionMatrix(String title, ConfusionMatrix matrix, List<String> names) {
    var html = new StringBuilder("<table class=\"matrix\"><caption>").append(Html.escape(title))
        .append("</caption>\n<thead><tr><th scope=\"col\">true \\ predicted</th>");
    names.forEach(name -> html.append("<th scope=\"col\">").append(Html.escape(name)).append("</th>"));
    html.append("</tr></thead>\n<tbody>\n");
    for (int t = 0; t < names.size(); t++) {
      html.append("<tr><th scope=\"row\">").append(Html.escape(names.get(t))).append("</th>");
      for (int p = 0; p < names.size(); p++) {
        double share = matrix.support(t) == 0 ? 0 : (double) matrix.count(t, p) / matrix.support(t);
        // shade by the share of the row; the number itself stays dark on pale
        html.append("<td class=\"shade").append(Math.round(share * 5)).append("\"><b>").append(matrix.count(t, p))
            .append("</b><small>").append(percent(share)).append("</small></td>");
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody></table>\n").toString();
  }

  /** Table 3: this run's, and a published one beside it. */
  static String classificationReports(ConfusionMatrix matrix, Optional<PublishedResult> published) {
    var ours = classificationReport(matrix);
    return published.map(result -> "<div class=\"reports\">\n<div><h3>This run</h3>\n" + ours + "</div>\n<div><h3>"
        + Html.escape(result.name() + ", threshold " + Html.number(result.threshold(), 2)) + "</h3>\n"
        + classificationReport(result.matrix()) + "</div>\n</div>").orElse(ours);
  }

  /** Precision, recall and F1 of each class, as scikit-learn prints them. */
  static String classificationReport(ConfusionMatrix matrix) {
    var names = matrix.classes() == 2 ? Task.BINARY.labels() : Task.SEVEN_CLASS.labels();
    return "<pre>" + Html.escape(ClassificationReport.of(matrix, names, DIGITS)) + "</pre>";
  }

  /** How each diagnosis fared. */
  static String diagnoses(Evaluation evaluation) {
    return Html.table(
        List.of("Diagnosis", "Class", "Test images", "Lesions", "Called malignant", "Correct"),
        evaluation.diagnoses().stream().map(d -> List.of(d.diagnosis().code() + ", " + d.diagnosis().fullName(),
            d.diagnosis().malignant() ? "malignant" : "benign", Integer.toString(d.images()),
            Integer.toString(d.lesions()), Integer.toString(d.calledMalignant()),
            d.onRightSide().map(RunTables::interval).orElse(NONE))).toList());
  }

  /** The section on the seven diagnoses. */
  static String sevenClass(Evaluation.SevenClassResult result) {
    var aucs = new ArrayList<List<String>>();
    for (int c = 0; c < result.aucs().size(); c++) {
      aucs.add(List.of(Task.SEVEN_CLASS.labels().get(c), Html.number(result.aucs().get(c), DIGITS)));
    }
    aucs.add(List.of("macro", Html.number(result.macroAuc(), DIGITS)));
    return """
        <section id="seven-classes">
        <h2>Seven diagnoses</h2>
        <p>The most probable diagnosis of each test image. The probability of malignancy above is the sum over akiec,
        bcc and mel.</p>
        <div class="scroll">
        %s
        </div>
        %s
        %s
        </section>""".formatted(
        confusionMatrix("Test images", result.matrix(), Task.SEVEN_CLASS.labels()),
        classificationReport(result.matrix()), Html.table(List.of("One against the rest", "AUC"), aucs));
  }

  /** Images by class and subset, then what the evaluation saw of each subset. */
  static String dataset(List<DatasetRow> rows, Evaluation evaluation) {
    var counts = new ArrayList<List<String>>();
    rows.forEach(
        row -> counts.add(List.of(row.name(), Integer.toString(row.train()), Integer.toString(row.validation()),
            Integer.toString(row.test()), Integer.toString(row.train() + row.validation() + row.test()))));
    var subsets = evaluation.subsets().stream().map(s -> List.of(s.subset().toString(), Integer.toString(s.images()),
        Integer.toString(s.lesions()), Integer.toString(s.benign()), Integer.toString(s.malignant()), interval(s.auc()),
        Html.number(s.kerasAuc(), DIGITS))).toList();
    return Html.table(List.of("Images", "Train", "Validation", "Test", "All"), counts)
        + Html.table(List.of("Predicted", "Images", "Lesions", "Benign", "Malignant", "AUC", "Keras's AUC"), subsets);
  }

  /** Every epoch. */
  static String epochs(List<EpochRow> epochs) {
    return Html.table(
        List.of("Stage", "Epoch", "Loss", "Accuracy", "AUC", "Val. loss", "Val. accuracy", "Val. AUC", "Learning rate",
            "Seconds"),
        epochs.stream()
            .map(e -> List.of(Integer.toString(e.stage()), Integer.toString(e.epoch()), Html.number(e.loss(), DIGITS),
                Html.number(e.accuracy(), DIGITS), Html.number(e.auc(), DIGITS), Html.number(e.valLoss(), DIGITS),
                Html.number(e.valAccuracy(), DIGITS), Html.number(e.valAuc(), DIGITS),
                Html.significant(e.learningRate(), DIGITS),
                Html.number(e.seconds(), 1)))
            .toList());
  }

  /** Such as "0.902 (0.881 to 0.921)". */
  static String interval(Interval i) {
    return Html.number(i.estimate(), AUC_DIGITS) + " (" + bounds(i) + ")";
  }

  /** Such as "0.881 to 0.921". */
  static String bounds(Interval i) {
    return Html.number(i.lower(), AUC_DIGITS) + " to " + Html.number(i.upper(), AUC_DIGITS);
  }

  /** What an interval is. */
  static String intervalNote(Interval i) {
    return Html.number(100 * i.level(), 0) + "%, " + i.method();
  }
}
