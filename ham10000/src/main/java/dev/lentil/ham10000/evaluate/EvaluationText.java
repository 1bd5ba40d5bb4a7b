package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.data.Task;
import dev.lentil.metrics.ClassificationReport;
import dev.lentil.metrics.ConfusionMatrix;
import dev.lentil.metrics.Interval;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** An evaluation as text for a terminal. The disclaimer is added by whoever prints it. */
public final class EvaluationText {
  private static final int DIGITS = 4;

  private EvaluationText() {}

  /** The text, one screen; everything else is in the JSON document and the report. */
  public static String of(Evaluation evaluation) {
    var text = new StringBuilder();
    subsets(text, evaluation.subsets());
    operatingPoints(text, evaluation);
    summary(text, evaluation);
    fixedRates(text, evaluation.fixedRates());
    evaluation.baselines().forEach(baseline -> baseline(text, baseline));
    calibration(text, evaluation.calibration());
    subgroups(text, evaluation.subgroups());
    diagnoses(text, evaluation);
    line(text, "");
    text.append(ClassificationReport.of(evaluation.primary().matrix(), Task.BINARY.labels(), DIGITS));
    evaluation.sevenClass().ifPresent(result -> {
      line(text, "");
      line(text, "Seven diagnoses: macro AUC (one against the rest) %.4f", result.macroAuc());
      line(text, "");
      text.append(ClassificationReport.of(result.matrix(), Task.SEVEN_CLASS.labels(), DIGITS));
    });
    return text.toString();
  }

  private static void operatingPoints(StringBuilder text, Evaluation evaluation) {
    line(text, "");
    line(text, "Test images, malignant where the probability is above the threshold:");
    line(text, "%9s %8s %11s %11s %9s %6s %6s  %s", "threshold", "accuracy", "sensitivity", "specificity", "precision",
        "F1", "MCC", "chosen by");
    for (var point : evaluation.operatingPoints()) {
      row(text, fixed(point.threshold()), point.matrix(), point.title());
    }
    for (var baseline : evaluation.baselines()) {
      row(text, fixed(baseline.primary().threshold()), baseline.primary().matrix(), baseline.name());
    }
    row(text, "-", evaluation.primary().matrix().always(0), "always benign");
  }

  private static void row(StringBuilder text, String threshold, ConfusionMatrix m, String name) {
    line(text, "%9s %8.4f %11.4f %11.4f %9.4f %6.4f %6.4f  %s", threshold, m.accuracy(), m.sensitivity(),
        m.specificity(), m.precision(1), m.f1(1), m.matthews(), name);
  }

  private static void summary(StringBuilder text, Evaluation evaluation) {
    var test = evaluation.summary();
    var m = evaluation.primary().matrix();
    line(text, "");
    line(text, "Threshold %.4f, %s, with %.0f%% intervals by lesions", evaluation.primary().threshold(),
        evaluation.primary().title(), 100 * test.accuracy().level());
    line(text, "TN %d  FP %d  FN %d  TP %d", m.count(0, 0), m.count(0, 1), m.count(1, 0), m.count(1, 1));
    pair(text, "accuracy", test.accuracy(), "balanced accuracy", test.balancedAccuracy());
    pair(text, "sensitivity", test.sensitivity(), "specificity", test.specificity());
    pair(text, "F1", test.f1(), "Matthews's correlation", test.matthews());
    pair(text, "average precision", test.averagePrecision(), "Brier score", test.brier());
    pair(text, "AUC, DeLong", test.delongAuc(), "AUC, DeLong by lesions", test.clusteredDelongAuc());
  }

  private static void pair(StringBuilder text, String left, Interval a, String right, Interval b) {
    line(text, "  %-18s %-27s %-23s %s", left, bounds(a), right, bounds(b));
  }

  private static void fixedRates(StringBuilder text, List<FixedRate> rates) {
    line(text, "");
    for (var rate : rates) {
      var m = rate.point().matrix();
      line(text, "%s %.2f on validation: on test sensitivity %.4f, specificity %.4f",
          rate.held() == FixedRate.Rate.SPECIFICITY ? "Specificity" : "Sensitivity", rate.target(), m.sensitivity(),
          m.specificity());
    }
  }

  private static void baseline(StringBuilder text, BaselineResult baseline) {
    line(text, "");
    line(text, "%s: AUC %s", baseline.name(), bounds(baseline.auc()));
    line(text, "  network minus that: AUC %s, DeLong by lesions p %s; McNemar p %s",
        bounds(baseline.comparison().aucDifference()), pValue(baseline.comparison().clusteredDelong().p()),
        pValue(baseline.comparison().mcnemar().exactP()));
  }

  private static void calibration(StringBuilder text, Calibration calibration) {
    line(text, "");
    line(text, "%-28s %10s %10s %8s %8s %10s %8s", "Calibration", "ECE width", "ECE mass", "Brier", "log loss",
        "intercept", "slope");
    calibrated(text, "as given", calibration.asGiven());
    calibrated(text, String.format(Locale.ROOT, "temperature %.3f", calibration.temperature().temperature()),
        calibration.temperatureScaled());
    calibration.plattScaled().ifPresent(measures -> calibrated(text, "Platt's scaling", measures));
  }

  private static void calibrated(StringBuilder text, String name, Calibration.Measures m) {
    line(text, "  %-26s %10.4f %10.4f %8.4f %8.4f %10s %8s", name, m.equalWidthError(), m.equalMassError(),
        m.brier().score(), m.logLoss(), m.line().map(line -> fixed(line.intercept())).orElse("-"),
        m.line().map(line -> fixed(line.slope())).orElse("-"));
  }

  private static void subgroups(StringBuilder text, List<Subgroup> groups) {
    var large = groups.stream().filter(group -> group.auc().isPresent())
        .sorted(Comparator.comparingDouble(group -> group.auc().get().estimate())).toList();
    if (!large.isEmpty()) {
      line(text, "");
      line(text, "Subgroups by sex, age and place: AUC %s; %d of %d groups are too small for one",
          large.size() == 1
              ? subgroup(large.getFirst())
              : "from " + subgroup(large.getFirst()) + " to " + subgroup(large.getLast()),
          groups.size() - large.size(), groups.size());
    }
  }

  private static String subgroup(Subgroup group) {
    return bounds(group.auc().orElseThrow()) + " for " + group.by() + " " + group.name();
  }

  private static void diagnoses(StringBuilder text, Evaluation evaluation) {
    line(text, "");
    line(text, "Diagnoses at threshold %.4f: on the right side", evaluation.primary().threshold());
    for (var d : evaluation.diagnoses()) {
      line(text, "  %-5s %-9s %5d images  %s", d.diagnosis().code(),
          Task.BINARY.labels().get(d.diagnosis().malignant() ? 1 : 0), d.images(),
          d.onRightSide().map(EvaluationText::bounds).orElse("-"));
    }
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

  /** A number and its interval, without words. */
  public static String bounds(Interval i) {
    return fixed(i.estimate()) + " (" + fixed(i.lower()) + " to " + fixed(i.upper()) + ")";
  }

  /** A p-value; what is below 0.0001 is not written as 0. */
  public static String pValue(double p) {
    return Double.isNaN(p) ? "-" : p < 1e-4 ? "< 0.0001" : fixed(p);
  }

  /** A number with four digits; a dash where there is none. */
  public static String fixed(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
