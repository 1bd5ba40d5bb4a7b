package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.Disclaimer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A comparison of runs as text for a terminal and as a document. */
public final class RunComparisonText {
  private RunComparisonText() {}

  /** The text. The disclaimer is added by whoever prints it. */
  public static String of(RunComparison comparison) {
    var text = new StringBuilder();
    int width = comparison.runs().stream().mapToInt(run -> run.name().length()).max().orElse(0);
    line(text, "%d test images of %d lesions; each run at its threshold of highest accuracy on validation",
        comparison.images(), comparison.lesions());
    line(text, "");
    line(text, "   %-" + width + "s  %-27s %9s %8s %11s %11s", "run", "AUC (95% by lesions)", "threshold", "accuracy",
        "sensitivity", "specificity");
    for (int i = 0; i < comparison.runs().size(); i++) {
      var run = comparison.runs().get(i);
      var m = run.primary().matrix();
      line(text, "%2d %-" + width + "s  %-27s %9.4f %8.4f %11.4f %11.4f", i + 1, run.name(),
          EvaluationText.bounds(run.auc()), run.primary().threshold(), m.accuracy(), m.sensitivity(), m.specificity());
    }
    pairs(text, comparison);
    return text.toString();
  }

  private static void pairs(StringBuilder text, RunComparison comparison) {
    boolean several = comparison.pairs().size() > 1;
    line(text, "");
    line(text, "%-7s %-28s %9s %12s%s   %15s %9s%s", "pair", "AUC difference (by lesions)", "DeLong p", "by lesions p",
        several ? "     Holm" : "", "one alone right", "McNemar p", several ? "     Holm" : "");
    for (var pair : comparison.pairs()) {
      var c = pair.comparison();
      line(text, "%-7s %-28s %9s %12s%s   %15s %9s%s",
          number(comparison, pair.first()) + " - " + number(comparison, pair.second()),
          EvaluationText.bounds(c.aucDifference()), EvaluationText.pValue(c.delong().p()),
          EvaluationText.pValue(c.clusteredDelong().p()), several ? adjusted(pair.adjustedDelongP()) : "",
          c.mcnemar().onlyFirst() + " : " + c.mcnemar().onlySecond(), EvaluationText.pValue(c.mcnemar().exactP()),
          several ? adjusted(pair.adjustedMcnemarP()) : "");
    }
    line(text, "");
    line(text, "DeLong's and McNemar's tests take images of one lesion for independent; by lesions does not.%s",
        several ? " Holm: adjusted for " + comparison.pairs().size() + " pairs." : "");
  }

  private static String adjusted(double p) {
    return String.format(Locale.ROOT, " %8s", EvaluationText.pValue(p));
  }

  /** The document, for {@link dev.lentil.json.Json}. */
  public static Map<String, Object> json(RunComparison comparison) {
    var document = new LinkedHashMap<String, Object>();
    document.put("disclaimer", Disclaimer.TEXT);
    document.put("test_images", comparison.images());
    document.put("test_lesions", comparison.lesions());
    document.put("runs", comparison.runs().stream().map(run -> EvaluationJson.map("name", run.name(), "auc",
        RecordJson.of(run.auc()), "at", EvaluationJson.point(run.primary()))).toList());
    document.put("pairs", comparison.pairs().stream().map(pair -> {
      var fields = EvaluationJson.map("first", pair.first(), "second", pair.second());
      fields.putAll(EvaluationJson.comparison(pair.comparison()));
      fields.put("holm_clustered_delong_p", RecordJson.of(pair.adjustedDelongP()));
      fields.put("holm_mcnemar_p", pair.adjustedMcnemarP());
      return fields;
    }).toList());
    return document;
  }

  private static int number(RunComparison comparison, String name) {
    return comparison.runs().stream().map(RunComparison.Run::name).toList().indexOf(name) + 1;
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
