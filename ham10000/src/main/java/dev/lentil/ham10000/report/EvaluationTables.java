package dev.lentil.ham10000.report;

import dev.lentil.ham10000.evaluate.BaselineResult;
import dev.lentil.ham10000.evaluate.Calibration;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.evaluate.FixedRate;
import dev.lentil.ham10000.evaluate.Subgroup;
import dev.lentil.metrics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tables of what a clinical reader asks after the first numbers. */
final class EvaluationTables {
  private static final int DIGITS = 3;

  private EvaluationTables() {}

  /** The single numbers with their intervals. */
  static String summary(Evaluation evaluation) {
    var s = evaluation.summary();
    var rows = new ArrayList<List<String>>();
    row(rows, "AUC", evaluation.test().auc());
    row(rows, "AUC", s.delongAuc());
    row(rows, "AUC", s.clusteredDelongAuc());
    row(rows, "Average precision", s.averagePrecision());
    row(rows, "Accuracy", s.accuracy());
    row(rows, "Balanced accuracy", s.balancedAccuracy());
    row(rows, "Sensitivity", s.sensitivity());
    row(rows, "Specificity", s.specificity());
    row(rows, "F1 of malignant", s.f1());
    row(rows, "Matthews's correlation", s.matthews());
    row(rows, "Brier score, 0 is best", s.brier());
    return Html.table(List.of("Test images", "Value", "95% interval", "Interval by"), rows);
  }

  private static void row(List<List<String>> rows, String name, Interval i) {
    rows.add(List.of(name, Html.number(i.estimate(), DIGITS), RunTables.bounds(i), i.method()));
  }

  /** Sensitivity at fixed specificity and the reverse. */
  static String fixedRates(List<FixedRate> rates) {
    return Html.table(
        List.of("Rate on validation", "Threshold", "Sensitivity", "Specificity", "Optimistic, from the test ROC curve"),
        rates.stream().map(rate -> List.of(rate.held() + " at least " + Html.number(rate.target(), 2),
            Html.number(rate.point().threshold(), DIGITS), Html.number(rate.point().matrix().sensitivity(), DIGITS),
            Html.number(rate.point().matrix().specificity(), DIGITS),
            (rate.held() == FixedRate.Rate.SPECIFICITY ? "sensitivity " : "specificity ")
                + Html.number(rate.onTestRoc(), DIGITS)))
            .toList());
  }

  /** Calibration before and after. */
  static String calibration(Calibration calibration) {
    var rows = new ArrayList<List<String>>();
    rows.add(measures("Uncalibrated", calibration.asGiven()));
    rows.add(measures("Temperature " + Html.number(calibration.temperature().temperature(), 2) + ", from validation",
        calibration.temperatureScaled()));
    calibration.plattScaled().ifPresent(scaled -> rows.add(measures("Platt's scaling, from validation", scaled)));
    return Html.table(List.of("Probabilities", "Calibration error", "Brier score", "Log loss", "Intercept", "Slope"),
        rows);
  }

  private static List<String> measures(String name, Calibration.Measures m) {
    return List.of(name, Html.number(m.equalMassError(), DIGITS), Html.number(m.brier().score(), DIGITS),
        Html.number(m.logLoss(), DIGITS), m.line().map(l -> Html.number(l.intercept(), 2)).orElse(RunTables.NONE),
        m.line().map(l -> Html.number(l.slope(), 2)).orElse(RunTables.NONE));
  }

  /** Subgroups by sex, age and place. */
  static String subgroups(List<Subgroup> groups) {
    return Html.table(
        List.of("Group", "Images", "Lesions", "Malignant", "AUC", "Sensitivity", "Specificity"),
        groups.stream().map(g -> List.of(g.by() + ": " + g.name(), Integer.toString(g.images()),
            Integer.toString(g.lesions()), Integer.toString(g.malignant()), interval(g.auc()),
            interval(g.sensitivity()), interval(g.specificity()))).toList());
  }

  /** The network minus each baseline. */
  static String baselines(List<BaselineResult> baselines) {
    return Html.table(List.of("Baseline", "Its AUC", "Network minus baseline", "p, DeLong by lesions"),
        baselines.stream().map(b -> List.of(b.name(), RunTables.interval(b.auc()),
            RunTables.interval(b.comparison().aucDifference()), probability(b.comparison().clusteredDelong().p())))
            .toList());
  }

  private static String probability(double p) {
    return p < 0.001 ? "below 0.001" : Html.number(p, DIGITS);
  }

  private static String interval(Optional<Interval> interval) {
    return interval.map(RunTables::interval).orElse(RunTables.NONE);
  }
}
