package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.Evaluation.OperatingPoint;
import dev.lentil.metrics.Interval;

/**
 * How a simple model fares on the test images, and how the network compares with it.
 *
 * @param name of the baseline
 * @param auc by lesions
 * @param primary at the threshold of highest accuracy on validation, as the network's
 * @param comparison the network minus the baseline
 */
public record BaselineResult(String name, Interval auc, OperatingPoint primary, PairedComparison comparison) {
  /**
   * @throws IllegalArgumentException if the baseline was not judged by the same test images
   */
  static BaselineResult of(Baseline baseline, Predictions networkTest, double threshold, LesionBootstrap bootstrap) {
    var test = baseline.predictions().of(Subset.TEST);
    if (!test.imageIds().equals(networkTest.imageIds())) {
      throw new IllegalArgumentException("baseline '" + baseline.name()
          + "' was not judged by the network's test images: predict the same split, in the same order");
    }
    var primary = OperatingPoint.highestAccuracy(baseline.predictions().of(Subset.VALIDATION), test);
    return new BaselineResult(baseline.name(), bootstrap.auc(test), primary,
        PairedComparison.of(networkTest, threshold, test, primary.threshold(), bootstrap));
  }
}
