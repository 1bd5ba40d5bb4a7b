package dev.lentil.ham10000.evaluate;

import dev.lentil.ham10000.data.Split;
import dev.lentil.ham10000.data.Task;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;

/**
 * The predictions of one model.
 *
 * @param task what the model tells apart; rows have class probabilities for seven classes and none for two
 * @param rows one per image
 */
public record Predictions(Task task, List<Prediction> rows) {
  public Predictions {
    rows = List.copyOf(rows);
    var seen = new HashSet<String>();
    for (var row : rows) {
      if (row.classProbabilities().isEmpty() != (task == Task.BINARY)) {
        throw new IllegalArgumentException("image " + row.imageId() + " has " + row.classProbabilities().size()
            + " class probabilities, which does not fit task " + task);
      }
      if (!seen.add(row.imageId())) {
        throw new IllegalArgumentException("image " + row.imageId() + " is predicted twice");
      }
    }
  }

  /** The rows of one subset, in order. */
  public Predictions of(Split.Subset subset) {
    return where(row -> row.subset() == subset);
  }

  /** Number of images. */
  public int size() {
    return rows.size();
  }

  /** Number of lesions. */
  public int lesions() {
    return Math.toIntExact(rows.stream().map(Prediction::lesionId).distinct().count());
  }

  /** Which rows belong to the same lesion: a number from 0 per row, equal for images of one lesion. */
  public int[] lesionNumbers() {
    var numbers = new HashMap<String, Integer>();
    return rows.stream().mapToInt(row -> numbers.computeIfAbsent(row.lesionId(), _ -> numbers.size())).toArray();
  }

  /** The rows that satisfy a condition, in order. */
  Predictions where(Predicate<Prediction> condition) {
    return new Predictions(task, rows.stream().filter(condition).toList());
  }

  /** The image_id of each row. */
  public List<String> imageIds() {
    return rows.stream().map(Prediction::imageId).toList();
  }

  /** 1 malignant, 0 benign, per row. */
  public int[] labels() {
    return rows.stream().mapToInt(Prediction::label).toArray();
  }

  /** Probability of malignancy per row. */
  public double[] probabilities() {
    return rows.stream().mapToDouble(Prediction::probability).toArray();
  }

  /** Probability of malignancy per row, recalibrated. */
  double[] probabilities(DoubleUnaryOperator recalibration) {
    return rows.stream().mapToDouble(row -> recalibration.applyAsDouble(row.probability())).toArray();
  }

  /** Index of the diagnosis, per row. */
  public int[] diagnoses() {
    return rows.stream().mapToInt(row -> row.diagnosis().ordinal()).toArray();
  }

  /** Class probabilities, {@code [row][7]}, of a seven-class model. */
  public double[][] classProbabilities() {
    return rows.stream()
        .map(row -> row.classProbabilities().stream().mapToDouble(Double::doubleValue).toArray())
        .toArray(double[][]::new);
  }

  /** Index of the most probable diagnosis per row, the first among equals, of a seven-class model. */
  public int[] predictedDiagnoses() {
    return rows.stream().mapToInt(row -> mostProbable(row.classProbabilities())).toArray();
  }

  private static int mostProbable(List<Double> probabilities) {
    int best = 0;
    for (int c = 1; c < probabilities.size(); c++) {
      best = probabilities.get(c) > probabilities.get(best) ? c : best;
    }
    return best;
  }
}
