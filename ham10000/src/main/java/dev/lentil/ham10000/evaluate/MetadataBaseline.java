package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.data.Metadata;
import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Split.Subset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What can be had without looking at the image: logistic regression on age, sex and place. A model that does not beat
 * it has learnt nothing from the pictures.
 *
 * <p>A missing age becomes the mean age of the training images, with an indicator; sex and place are one-hot over the
 * values seen in training. {@code dx_type} is never used: how a diagnosis was confirmed leaks the diagnosis.
 */
public final class MetadataBaseline {
  /** The age of all images where no training image has one: the same for all, it has weight 0. */
  private static final double NO_AGE = 0;

  private MetadataBaseline() {}

  /** Fits on the training images and predicts all images. */
  public static Predictions predict(Split split) {
    var training = split.of(Subset.TRAIN);
    double meanAge = training.stream()
        .flatMapToDouble(member -> member.row().age().stream())
        .average()
        .orElse(NO_AGE);
    var sexes = values(training, Metadata.Row::sex);
    var places = values(training, Metadata.Row::localization);
    return LogisticBaseline.predict(split, member -> features(member.row(), meanAge, sexes, places));
  }

  private static double[] features(Metadata.Row row, double meanAge, List<String> sexes, List<String> places) {
    var features = new double[2 + sexes.size() + places.size()];
    features[0] = row.age().orElse(meanAge);
    features[1] = row.age().isPresent() ? 0 : 1;
    oneHot(features, 2, sexes.indexOf(row.sex()));
    oneHot(features, 2 + sexes.size(), places.indexOf(row.localization()));
    return features;
  }

  /** A value never seen in training has no feature of its own. */
  private static void oneHot(double[] features, int offset, int index) {
    if (index >= 0) {
      features[offset + index] = 1;
    }
  }

  private static List<String> values(List<Split.Member> members, Function<Metadata.Row, String> column) {
    var values = new TreeSet<String>();
    members.forEach(member -> values.add(column.apply(member.row())));
    return new ArrayList<>(values);
  }
}
