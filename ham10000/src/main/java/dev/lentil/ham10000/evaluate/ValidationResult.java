package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;

/**
 * What the validation images alone say: enough to choose between settings, without a look at a test image.
 *
 * @param threshold of highest accuracy on validation
 */
public record ValidationResult(Task task, Evaluation.SubsetResult subset, double threshold) {
  /**
   * @param predictions those of other subsets are not looked at
   * @throws IllegalArgumentException if benign or malignant validation images are missing
   */
  public static ValidationResult of(Predictions predictions) {
    Predictions validation = predictions.of(Subset.VALIDATION);
    return new ValidationResult(predictions.task(),
        Evaluation.subsetResult(Subset.VALIDATION, validation, LesionBootstrap.DEFAULT),
        ThresholdSweep.atEveryScore(validation).maximumAccuracy().threshold());
  }

  /** The area under the ROC curve, malignant against benign. */
  public double auc() {
    return subset.auc().estimate();
  }
}
