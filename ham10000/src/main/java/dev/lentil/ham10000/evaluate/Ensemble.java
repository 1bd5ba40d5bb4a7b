package dev.lentil.ham10000.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Several predictions of the same images, by other networks or of other views, made into one: the mean of the probabilities. */
public final class Ensemble {
  private Ensemble() {}

  /**
   * The mean of each image's probabilities.
   *
   * @param members at least one; a single one comes back as it is
   * @throws IllegalArgumentException if they are not of the same task and the same images, in the same order and subsets,
   *     with the same diagnoses and lesions
   */
  public static Predictions mean(List<Predictions> members) {
    Predictions first = members.getFirst();
    if (members.size() == 1) {
      return first;
    }
    for (Predictions other : members) {
      requireSame(first, other);
    }
    return new Predictions(first.task(), IntStream.range(0, first.size())
        .mapToObj(i -> mean(first.rows().get(i), members.stream().map(member -> member.rows().get(i)).toList()))
        .toList());
  }

  private static void requireSame(Predictions a, Predictions b) {
    if (a.task() != b.task()) {
      throw new IllegalArgumentException("one is of task " + a.task() + ", one of " + b.task());
    }
    if (a.size() != b.size()) {
      throw new IllegalArgumentException("one is of " + a.size() + " images, one of " + b.size());
    }
    for (int i = 0; i < a.size(); i++) {
      Prediction one = a.rows().get(i);
      Prediction two = b.rows().get(i);
      if (!one.imageId().equals(two.imageId()) || one.subset() != two.subset()) {
        throw new IllegalArgumentException("they are not of the same split: row " + (i + 1) + " is " + one.imageId()
            + " of " + one.subset() + " in one, " + two.imageId() + " of " + two.subset() + " in another");
      }
      if (one.diagnosis() != two.diagnosis() || !one.lesionId().equals(two.lesionId())) {
        throw new IllegalArgumentException("they are not of the same metadata: " + one.imageId() + " is "
            + one.diagnosis().code() + " of lesion " + one.lesionId() + " in one, " + two.diagnosis().code()
            + " of lesion " + two.lesionId() + " in another");
      }
    }
  }

  private static Prediction mean(Prediction image, List<Prediction> all) {
    var classes = new ArrayList<Double>();
    for (int c = 0; c < image.classProbabilities().size(); c++) {
      int index = c;
      classes.add(all.stream().mapToDouble(p -> p.classProbabilities().get(index)).sum() / all.size());
    }
    double probability = all.stream().mapToDouble(Prediction::probability).sum() / all.size();
    // the sums may pass by a rounding error
    return new Prediction(image.imageId(), image.lesionId(), image.diagnosis(), image.patient(), image.subset(),
        Math.min(1, probability),
        classes.stream().map(p -> Math.min(1, p)).toList());
  }
}
