package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.data.Task;
import dev.lentil.metrics.ClassificationReport;
import dev.lentil.metrics.Interval;
import java.util.List;
import java.util.Locale;

/** An evaluation as text for a terminal. The disclaimer is added by whoever prints it. */
public final class EvaluationText {
  private static final int DIGITS = 4;

  private EvaluationText() {}

  /** The text, several lines. */
  public static String of(Evaluation evaluation) {
    var text = new StringBuilder();
    subsets(text, evaluation.subsets());
    line(text, "");
    line(text, "Test images, malignant where the probability is above the threshold:");
    line(text, "%9s %8s %11s %11s %9s %6s  %s", "threshold", "accuracy", "sensitivity", "specificity", "precision",
        "F1",
        "chosen by");
    for (var point : evaluation.operatingPoints()) {
      var m = point.matrix();
      line(text, "%9.4f %8.4f %11.4f %11.4f %9.4f %6.4f  %s", point.threshold(), m.accuracy(), m.sensitivity(),
          m.specificity(), m.precision(1), m.f1(1), point.title());
    }
    line(text, "%9s %8.4f %11.4f %11.4f %9.4f %6.4f  %s", "-", evaluation.primary().matrix().always(0).accuracy(), 0.0,
        1.0, 0.0, 0.0, "always benign");
    report(text, evaluation.primary());
    report(text, evaluation.paperStyle());
    line(text, "");
    line(text, "Diagnoses at threshold %.4f: on the right side", evaluation.primary().threshold());
    for (var d : evaluation.diagnoses()) {
      line(text, "  %-5s %-9s %5d images  %.4f", d.diagnosis().code(), Task.BINARY.labels().get(
          d.diagnosis().malignant() ? 1 : 0), d.images(), d.recall());
    }
    evaluation.sevenClass().ifPresent(result -> {
      line(text, "");
      line(text, "Seven diagnoses: macro AUC (one against the rest) %.4f", result.macroAuc());
      line(text, "");
      text.append(ClassificationReport.of(result.matrix(), Task.SEVEN_CLASS.labels(), DIGITS));
    });
    return text.toString();
  }

  /** The text of a run that looked at no test image. */
  public static String of(ValidationResult result) {
    var text = new StringBuilder();
    subsets(text, List.of(result.subset()));
    line(text, "");
    line(text, "No test image was looked at. Threshold of highest accuracy on validation: %.4f", result.threshold());
    return text.toString();
  }

  private static void subsets(StringBuilder text, List<Evaluation.SubsetResult> subsets) {
    line(text, "%-12s %7s %8s %7s %10s  %s", "Subset", "images", "lesions", "benign", "malignant", "AUC");
    for (var s : subsets) {
      line(text, "%-12s %7d %8d %7d %10d  %s", s.subset(), s.images(), s.lesions(), s.benign(), s.malignant(),
          interval(s.auc()));
    }
  }

  /** An interval as {@code 0.9021 (95% interval by lesions 0.8811 to 0.9210)}. */
  public static String interval(Interval i) {
    return String.format(Locale.ROOT, "%.4f (%.0f%% interval by lesions %.4f to %.4f)", i.estimate(), 100 * i.level(),
        i.lower(), i.upper());
  }

  private static void report(StringBuilder text, Evaluation.OperatingPoint point) {
    line(text, "");
    line(text, "Threshold %.4f, %s", point.threshold(), point.title());
    var m = point.matrix();
    line(text, "TN %d  FP %d  FN %d  TP %d", m.count(0, 0), m.count(0, 1), m.count(1, 0), m.count(1, 1));
    line(text, "");
    text.append(ClassificationReport.of(m, Task.BINARY.labels(), DIGITS));
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
