package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.data.Task;
import dev.lentil.metrics.LogisticRegression;
import java.util.function.Function;

/**
 * Logistic regression on a few features of each image, malignant against benign, fitted on the training images: a
 * baseline to print beside the network, such as {@link MetadataBaseline} or the mean colour (red, green and blue).
 */
public final class LogisticBaseline {
  private static final double PENALTY = 1;

  private LogisticBaseline() {}

  /**
   * Fits on the training images and predicts all images.
   *
   * @param features of one image, as many for each
   */
  public static Predictions predict(Split split, Function<Split.Member, double[]> features) {
    var training = split.of(Subset.TRAIN);
    var model = LogisticRegression.fit(training.stream().map(features).toArray(double[][]::new),
        training.stream().mapToInt(member -> member.row().diagnosis().malignant() ? 1 : 0).toArray(), PENALTY);
    return new Predictions(Task.BINARY, split.members().stream()
        .map(member -> Prediction.binary(member, model.probability(features.apply(member))))
        .toList());
  }
}
