package dev.lentil.ham10000.evaluate;

import dev.lentil.metrics.DeLong;
import dev.lentil.metrics.Interval;
import dev.lentil.metrics.McNemar;
import dev.lentil.metrics.RocAuc;

/**
 * Two models on the same test images.
 *
 * @param aucDifference of the first minus the second, by lesions
 * @param delong whether the areas differ, all images taken for independent
 * @param clusteredDelong the same with lesions taken for independent
 * @param mcnemar whether they are right equally often, each at its own threshold, all images taken for independent
 */
public record PairedComparison(
    Interval aucDifference, DeLong.Difference delong, DeLong.Difference clusteredDelong, McNemar mcnemar) {

  /**
   * @param second of the same images in the same order
   */
  static PairedComparison of(Predictions first, double firstThreshold, Predictions second, double secondThreshold,
      LesionBootstrap bootstrap) {
    var labels = first.labels();
    var ours = first.probabilities();
    var theirs = second.probabilities();
    return new PairedComparison(bootstrap.difference(first, second, RocAuc::of),
        DeLong.of(labels, ours, theirs).difference(0, 1),
        DeLong.clustered(labels, first.lesionNumbers(), ours, theirs).difference(0, 1),
        McNemar.of(labels, answers(first, firstThreshold), answers(second, secondThreshold)));
  }

  private static int[] answers(Predictions predictions, double threshold) {
    return predictions.rows().stream().mapToInt(row -> row.calledMalignant(threshold) ? 1 : 0).toArray();
  }
}
