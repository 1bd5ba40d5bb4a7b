package dev.lentil.ham10000.evaluate;

import dev.lentil.metrics.BrierScore;
import dev.lentil.metrics.ConfusionMatrix;
import dev.lentil.metrics.DeLong;
import dev.lentil.metrics.Interval;
import dev.lentil.metrics.PrecisionRecallCurve;
import dev.lentil.metrics.Proportion;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * The test images in single numbers, each with an interval that respects lesions unless it says otherwise. What needs a
 * threshold is at the primary one, from validation.
 *
 * @param delongAuc the AUC with DeLong's interval, which takes all images for independent
 * @param clusteredDelongAuc the AUC with Obuchowski's interval, which takes lesions for independent
 * @param averagePrecision area under the precision-recall curve; without information the share of malignant images
 * @param matthews Matthews's correlation of truth and answer
 * @param f1 of the malignant class
 * @param brier mean squared error of the probabilities
 */
public record TestSummary(
    Interval delongAuc,
    Interval clusteredDelongAuc,
    Interval averagePrecision,
    Interval accuracy,
    Interval sensitivity,
    Interval specificity,
    Interval balancedAccuracy,
    Interval matthews,
    Interval f1,
    Interval brier) {
  static TestSummary of(Predictions test, double threshold, LesionBootstrap bootstrap) {
    var labels = test.labels();
    var probabilities = test.probabilities();
    double level = bootstrap.level();
    return new TestSummary(
        DeLong.of(labels, probabilities).interval(0, level),
        DeLong.clustered(labels, test.lesionNumbers(), probabilities).interval(0, level),
        bootstrap.interval(test, TestSummary::averagePrecision),
        right(test, threshold, level),
        right(test.where(row -> row.label() == 1), threshold, level),
        right(test.where(row -> row.label() == 0), threshold, level),
        matrix(test, threshold, bootstrap, ConfusionMatrix::balancedAccuracy),
        matrix(test, threshold, bootstrap, ConfusionMatrix::matthews),
        matrix(test, threshold, bootstrap, m -> m.f1(1)),
        bootstrap.interval(test, BrierScore::score));
  }

  /**
   * The fraction of images on the right side of the threshold.
   *
   * @param predictions not empty
   */
  static Interval right(Predictions predictions, double threshold, double level) {
    var rows = predictions.rows();
    var right = new boolean[rows.size()];
    for (int i = 0; i < right.length; i++) {
      right[i] = rows.get(i).calledMalignant(threshold) == rows.get(i).diagnosis().malignant();
    }
    return Proportion.clustered(right, predictions.lesionNumbers(), level);
  }

  private static Interval matrix(
      Predictions test, double threshold, LesionBootstrap bootstrap, ToDoubleFunction<ConfusionMatrix> measure) {
    return bootstrap.interval(test, (labels, probabilities) -> bothClasses(labels)
        ? measure.applyAsDouble(ConfusionMatrix.atThreshold(labels, probabilities, threshold))
        : Double.NaN);
  }

  private static double averagePrecision(int[] labels, double[] probabilities) {
    return bothClasses(labels) ? PrecisionRecallCurve.of(labels, probabilities).averagePrecision() : Double.NaN;
  }

  private static boolean bothClasses(int[] labels) {
    int malignant = Arrays.stream(labels).sum();
    return malignant > 0 && malignant < labels.length;
  }
}
