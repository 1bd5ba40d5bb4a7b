package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.ham10000.data.Task;
import dev.lentil.json.JsonNull;
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
    document.put("diagnoses", evaluation.diagnoses().stream().map(EvaluationJson::diagnosis).toList());
    evaluation.sevenClass().ifPresent(result -> document.put("seven_class", sevenClass(result)));
    document.put("validation_sweep", sweep(evaluation.validationSweep()));
    document.put("test_sweep", sweep(evaluation.testSweep()));
    return document;
  }

  /** The document of a run that looked at no test image. */
  public static Map<String, Object> of(ValidationResult result) {
    return map("disclaimer", Disclaimer.TEXT, "task", result.task().toString(), "subsets",
        List.of(subset(result.subset())), "threshold", result.threshold());
  }

  private static Map<String, Object> subset(Evaluation.SubsetResult result) {
    return map("subset", result.subset().toString(), "images", result.images(), "lesions", result.lesions(),
        "benign", result.benign(), "malignant", result.malignant(), "auc", interval(result.auc()),
        "keras_auc", result.kerasAuc());
  }

  private static Map<String, Object> interval(Interval interval) {
    return map("estimate", interval.estimate(), "lower", interval.lower(), "upper", interval.upper(),
        "level", interval.level(), "resamples", interval.resamples(), "clustered_by", "lesion");
  }

  private static Map<String, Object> point(Evaluation.OperatingPoint point) {
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
    var fields = map("accuracy", matrix.accuracy(), "balanced_accuracy", matrix.balancedAccuracy());
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
        "called_malignant", result.calledMalignant(), "recall", result.recall());
  }

  private static Map<String, Object> sevenClass(Evaluation.SevenClassResult result) {
    var fields = map("macro_auc", finite(result.macroAuc()));
    fields.put("aucs", result.aucs().stream().map(EvaluationJson::finite).toList());
    fields.putAll(measures(result.matrix()));
    return fields;
  }

  private static List<Map<String, Object>> sweep(ThresholdSweep sweep) {
    return sweep.points().stream()
        .map(p -> map("threshold", p.threshold(), "accuracy", p.accuracy(), "precision", p.precision(),
            "recall", p.recall(), "specificity", p.specificity(), "f1", p.f1()))
        .toList();
  }

  /** JSON has no NaN. */
  private static Object finite(double value) {
    return Double.isFinite(value) ? value : JsonNull.NULL;
  }

  private static Map<String, Object> map(Object... keysAndValues) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
