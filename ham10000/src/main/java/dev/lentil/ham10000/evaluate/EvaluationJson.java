package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.data.Task;
import dev.lentil.metrics.ConfusionMatrix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An evaluation as the document that {@code --json} prints and {@code evaluation.json} holds. */
public final class EvaluationJson {
  /** The file's name inside a run's folder. */
  public static final String FILE_NAME = "evaluation.json";

  private EvaluationJson() {}

  /** The document, for {@link dev.lentil.json.Json}. Numbers that are undefined are null. */
  public static Map<String, Object> of(Evaluation evaluation) {
    var document = new LinkedHashMap<String, Object>();
    document.put("disclaimer", Disclaimer.TEXT);
    document.put("task", evaluation.task().toString());
    document.put("subsets", evaluation.subsets().stream().map(EvaluationJson::subset).toList());
    document.put("operating_points", evaluation.operatingPoints().stream().map(EvaluationJson::point).toList());
    document.put("always_benign", measures(evaluation.primary().matrix().always(0)));
    document.put("test", RecordJson.of(evaluation.summary()));
    document.put("fixed_rates", evaluation.fixedRates().stream().map(EvaluationJson::fixedRate).toList());
    document.put("baselines", evaluation.baselines().stream().map(EvaluationJson::baseline).toList());
    document.put("diagnoses", evaluation.diagnoses().stream().map(EvaluationJson::diagnosis).toList());
    document.put("subgroups", evaluation.subgroups().stream().map(EvaluationJson::subgroup).toList());
    document.put("calibration", RecordJson.of(evaluation.calibration()));
    evaluation.sevenClass().ifPresent(result -> document.put("seven_class", sevenClass(result)));
    document.put("validation_sweep", sweep(evaluation.validationSweep()));
    document.put("test_sweep", sweep(evaluation.testSweep()));
    document.put("decision_curve", RecordJson.of(evaluation.decisionCurve().points()));
    document.put("calibrated_decision_curve", RecordJson.of(evaluation.calibratedDecisionCurve().points()));
    document.put("gallery", RecordJson.of(evaluation.gallery()));
    return document;
  }

  /** The document of a run that looked at no test image. */
  public static Map<String, Object> of(ValidationResult result) {
    return map("disclaimer", Disclaimer.TEXT, "task", result.task().toString(), "subsets",
        List.of(subset(result.subset())), "threshold", result.threshold());
  }

  private static Map<String, Object> subset(Evaluation.SubsetResult result) {
    return map("subset", result.subset().toString(), "images", result.images(), "lesions", result.lesions(),
        "benign", result.benign(), "malignant", result.malignant(), "auc", RecordJson.of(result.auc()),
        "keras_auc", result.kerasAuc());
  }

  private static Map<String, Object> fixedRate(FixedRate rate) {
    return map("held", rate.held().toString(), "target", rate.target(), "at", point(rate.point()),
        "on_test_roc_optimistic", rate.onTestRoc());
  }

  private static Map<String, Object> baseline(BaselineResult result) {
    return map("name", result.name(), "auc", RecordJson.of(result.auc()), "at", point(result.primary()),
        "network_minus_baseline", comparison(result.comparison()));
  }

  /** Two models compared; McNemar's test with its p-values. */
  static Map<String, Object> comparison(PairedComparison comparison) {
    var mcnemar = comparison.mcnemar();
    return map("auc_difference", RecordJson.of(comparison.aucDifference()), "delong",
        RecordJson.of(comparison.delong()), "clustered_delong", RecordJson.of(comparison.clusteredDelong()), "mcnemar",
        map("only_first_right", mcnemar.onlyFirst(), "only_second_right", mcnemar.onlySecond(), "exact_p",
            mcnemar.exactP(), "corrected_statistic", mcnemar.correctedStatistic(), "corrected_p",
            mcnemar.correctedP()));
  }

  private static Map<String, Object> subgroup(Subgroup group) {
    return map("by", group.by().toString(), "name", group.name(), "images", group.images(), "lesions", group.lesions(),
        "benign", group.benign(), "malignant", group.malignant(), "too_small_for_auc", group.small(), "auc",
        RecordJson.of(group.auc()), "sensitivity", RecordJson.of(group.sensitivity()), "specificity",
        RecordJson.of(group.specificity()));
  }

  static Map<String, Object> point(Evaluation.OperatingPoint point) {
    var fields = map("name", point.name(), "chosen_on", point.origin().toString(), "optimistic", point.optimistic());
    if (point.optimistic()) {
      fields.put("remark", Evaluation.OperatingPoint.OPTIMISTIC);
    }
    fields.put("threshold", point.threshold());
    fields.putAll(measures(point.matrix()));
    return fields;
  }

  private static Map<String, Object> measures(ConfusionMatrix matrix) {
    var names = matrix.classes() == Task.BINARY.labels().size() ? Task.BINARY.labels() : Task.SEVEN_CLASS.labels();
    var fields = map("accuracy", matrix.accuracy(), "balanced_accuracy", matrix.balancedAccuracy(), "matthews",
        matrix.matthews());
    fields.put("confusion_matrix", matrix.counts());
    for (int c = 0; c < names.size(); c++) {
      fields.put(names.get(c), map("precision", matrix.precision(c), "recall", matrix.recall(c), "f1", matrix.f1(c),
          "support", matrix.support(c)));
    }
    fields.put("macro", matrix.macro());
    fields.put("weighted", matrix.weighted());
    return fields;
  }

  private static Map<String, Object> diagnosis(Evaluation.DiagnosisResult result) {
    return map("dx", result.diagnosis().code(), "malignant", result.diagnosis().malignant(), "images", result.images(),
        "lesions", result.lesions(), "called_malignant", result.calledMalignant(), "recall", result.recall(),
        "on_right_side", RecordJson.of(result.onRightSide()));
  }

  private static Map<String, Object> sevenClass(Evaluation.SevenClassResult result) {
    var fields = map("macro_auc", RecordJson.of(result.macroAuc()));
    fields.put("aucs", RecordJson.of(result.aucs()));
    fields.putAll(measures(result.matrix()));
    return fields;
  }

  private static List<Map<String, Object>> sweep(ThresholdSweep sweep) {
    return sweep.points().stream()
        .map(p -> map("threshold", p.threshold(), "accuracy", p.accuracy(), "precision", p.precision(),
            "recall", p.recall(), "specificity", p.specificity(), "f1", p.f1()))
        .toList();
  }

  static Map<String, Object> map(Object... keysAndValues) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
