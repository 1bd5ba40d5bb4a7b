package dev.lentil.ham10000.train;

import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.Evaluation;
import dev.lentil.ham10000.report.Card;
import dev.lentil.metrics.Interval;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelMetadata;
import dev.lentil.nn.ParameterSpec;
import java.util.Locale;
import java.util.Map;

/** The model card of a run: fixed texts around what this run is and measured. */
final class ModelCard {
  private ModelCard() {}

  /**
   * @param text what the model is
   * @param base whose notes name the licence of the weights that it started from
   */
  static Card of(String text, Model base, Map<String, String> environment, RunData data, Evaluation evaluation,
      Presentation presentation) {
    return Card.resource("model-card.txt", Map.of(
        "model", text,
        "program", "Lentil " + environment.getOrDefault("lentil", "of unknown version") + " (revision "
            + environment.getOrDefault("git_revision", "unknown") + ")",
        "licences",
        "the base's weights, " + base.notes().getOrDefault(ModelMetadata.LICENCE_OF_BASE, "see their source")
            + "; the images, see the data card",
        "evaluation_data", subset(data, Subset.TEST) + ", of lesions that are in no other subset. Thresholds and "
            + "calibration come from " + subset(data, Subset.VALIDATION) + ".",
        "training_data", subset(data, Subset.TRAIN) + ". " + presentation.data() + ".",
        "results", results(evaluation),
        "caveats", String.join(" ", presentation.notes())));
  }

  /** What one network is. */
  static String text(Model model, TrainingConfig config) {
    long parameters = model.architecture().network().parameters().stream().map(ParameterSpec::shape)
        .mapToLong(shape -> shape.size()).sum();
    return String.format(Locale.ROOT,
        "MobileNetV2 (Sandler et al. 2018), width %s, %,d parameters, for images of %d x %d "
            + "pixels; global average pooling, dropout %s, and one dense layer for the task \"%s\". It gives a probability of "
            + "malignancy.",
        model.architecture().alpha(), parameters, model.architecture().height(),
        model.architecture().width(), config.dropout(), config.task());
  }

  private static String subset(RunData data, Subset subset) {
    return data.split().of(subset).size() + " " + subset + " images of " + data.split().lesions(subset) + " lesions";
  }

  private static String results(Evaluation evaluation) {
    var summary = evaluation.summary();
    return "On the test images, 95% intervals by lesions: AUC " + text(evaluation.test().auc())
        + "; at the threshold of highest accuracy on validation, " + String.format(Locale.ROOT, "%.4f",
            evaluation.primary().threshold())
        + ": sensitivity " + text(summary.sensitivity()) + ", specificity " + text(summary.specificity())
        + ", accuracy " + text(summary.accuracy()) + "; Brier score " + text(summary.brier()) + ".";
  }

  private static String text(Interval interval) {
    return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", interval.estimate(), interval.lower(), interval.upper());
  }
}
