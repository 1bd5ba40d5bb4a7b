package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.ham10000.evaluate.Evaluation.OperatingPoint;
import dev.lentil.metrics.Holm;
import dev.lentil.metrics.Interval;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Several models on the same test images, each at its own threshold of highest accuracy on validation.
 *
 * @param images number of test images
 * @param lesions they are of
 * @param runs in the order given
 * @param pairs every two of them, the earlier one first
 */
public record RunComparison(int images, int lesions, List<Run> runs, List<Pair> pairs) {
  /** The predictions of a model and what to call it. */
  public record Named(String name, Predictions predictions) {}

  /** One model on the test images; the AUC by lesions. */
  public record Run(String name, Interval auc, OperatingPoint primary) {}

  /**
   * Two models. The adjusted p-values are Holm's, over all pairs; with two models they are the plain ones.
   *
   * @param first name
   * @param second name
   * @param comparison the first minus the second
   * @param adjustedDelongP of DeLong's test by lesions
   * @param adjustedMcnemarP of McNemar's exact test
   */
  public record Pair(
      String first, String second, PairedComparison comparison, double adjustedDelongP, double adjustedMcnemarP) {}

  public RunComparison {
    runs = List.copyOf(runs);
    pairs = List.copyOf(pairs);
  }

  /**
   * Compares at least two models.
   *
   * @throws IllegalArgumentException if one lacks validation or test images, or has other test images than the first or
   *     another diagnosis for one of them
   */
  public static RunComparison of(List<Named> models, LesionBootstrap bootstrap) {
    if (models.size() < 2) {
      throw new IllegalArgumentException("A comparison needs at least two runs, not " + models.size());
    }
    models.forEach(RunComparison::requireBothSubsets);
    var first = models.getFirst().predictions().of(Subset.TEST);
    var runs = new ArrayList<Run>();
    var tests = new ArrayList<Predictions>();
    for (var model : models) {
      var test = inOrderOf(first, model, models.getFirst().name());
      tests.add(test);
      runs.add(new Run(model.name(), bootstrap.auc(test),
          OperatingPoint.highestAccuracy(model.predictions().of(Subset.VALIDATION), test)));
    }
    return new RunComparison(first.size(), first.lesions(), runs, pairs(runs, tests, bootstrap));
  }

  private static List<Pair> pairs(List<Run> runs, List<Predictions> tests, LesionBootstrap bootstrap) {
    var pairs = new ArrayList<Pair>();
    for (int a = 0; a < runs.size(); a++) {
      for (int b = a + 1; b < runs.size(); b++) {
        pairs.add(new Pair(runs.get(a).name(), runs.get(b).name(),
            PairedComparison.of(tests.get(a), runs.get(a).primary().threshold(), tests.get(b),
                runs.get(b).primary().threshold(), bootstrap),
            Double.NaN, Double.NaN));
      }
    }
    var delong = adjusted(pairs, pair -> pair.comparison().clusteredDelong().p());
    var mcnemar = adjusted(pairs, pair -> pair.comparison().mcnemar().exactP());
    var result = new ArrayList<Pair>();
    for (int i = 0; i < pairs.size(); i++) {
      var pair = pairs.get(i);
      result.add(new Pair(pair.first(), pair.second(), pair.comparison(), delong[i], mcnemar[i]));
    }
    return result;
  }

  private static double[] adjusted(List<Pair> pairs, ToDoubleFunction<Pair> p) {
    return Holm.adjust(pairs.stream().mapToDouble(p).toArray());
  }

  private static void requireBothSubsets(Named model) {
    for (var subset : List.of(Subset.VALIDATION, Subset.TEST)) {
      var part = model.predictions().of(subset);
      long malignant = part.rows().stream().filter(row -> row.label() == 1).count();
      if (malignant == 0 || malignant == part.size()) {
        throw new IllegalArgumentException(
            model.name() + " has " + (part.size() - malignant) + " benign and " + malignant
                + " malignant predictions of " + subset + " images, and both are needed");
      }
    }
  }

  private static Predictions inOrderOf(Predictions first, Named model, String nameOfFirst) {
    Map<String, Prediction> byImage = new HashMap<>();
    var test = model.predictions().of(Subset.TEST);
    test.rows().forEach(row -> byImage.put(row.imageId(), row));
    var ordered = new ArrayList<Prediction>();
    for (var row : first.rows()) {
      var other = byImage.get(row.imageId());
      if (other == null || other.diagnosis() != row.diagnosis() || !other.lesionId().equals(row.lesionId())) {
        throw new IllegalArgumentException(model.name() + " was not judged by the same test images as " + nameOfFirst
            + ": " + row.imageId() + (other == null ? " is not among them" : " has another lesion or diagnosis there"));
      }
      ordered.add(other);
    }
    if (test.size() != first.size()) {
      throw new IllegalArgumentException(model.name() + " was judged by " + test.size() + " test images, " + nameOfFirst
          + " by " + first.size() + " of them");
    }
    return new Predictions(test.task(), ordered);
  }
}
