package dev.lentil.ham10000.evaluate;

import dev.lentil.metrics.LogOdds;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * The test images to look at: the clearest mistakes and successes at the primary threshold, and the closest calls. One
 * image of a lesion in each list, the most extreme one first.
 *
 * @param missed malignant, called benign, lowest probability first
 * @param falseAlarms benign, called malignant, highest probability first
 * @param found malignant, called so, highest probability first
 * @param cleared benign, called so, lowest probability first
 * @param uncertain nearest to the threshold in log odds
 */
public record Gallery(
    List<Prediction> missed,
    List<Prediction> falseAlarms,
    List<Prediction> found,
    List<Prediction> cleared,
    List<Prediction> uncertain) {
  private static final int SIZE = 12;

  public Gallery {
    missed = List.copyOf(missed);
    falseAlarms = List.copyOf(falseAlarms);
    found = List.copyOf(found);
    cleared = List.copyOf(cleared);
    uncertain = List.copyOf(uncertain);
  }

  static Gallery of(Predictions test, double threshold) {
    Predicate<Prediction> malignant = row -> row.diagnosis().malignant();
    Predicate<Prediction> called = row -> row.calledMalignant(threshold);
    // image_id decides between equals, so that the gallery does not depend on the rows' order
    var byId = Comparator.comparing(Prediction::imageId);
    var ascending = Comparator.comparingDouble(Prediction::probability).thenComparing(byId);
    var descending = Comparator.comparingDouble(Prediction::probability).reversed().thenComparing(byId);
    var nearest = Comparator
        .<Prediction>comparingDouble(row -> Math.abs(LogOdds.of(row.probability()) - LogOdds.of(threshold)))
        .thenComparing(byId);
    return new Gallery(
        first(test, malignant.and(called.negate()), ascending),
        first(test, malignant.negate().and(called), descending),
        first(test, malignant.and(called), descending),
        first(test, malignant.negate().and(called.negate()), ascending),
        first(test, _ -> true, nearest));
  }

  private static List<Prediction> first(
      Predictions test, Predicate<Prediction> condition, Comparator<Prediction> order) {
    var lesions = new HashSet<String>();
    return test.rows().stream().filter(condition).sorted(order).filter(row -> lesions.add(row.lesionId())).limit(SIZE)
        .toList();
  }
}
