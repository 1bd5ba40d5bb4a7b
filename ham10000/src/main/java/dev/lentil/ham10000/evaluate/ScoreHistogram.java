package dev.lentil.ham10000.evaluate;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How many images of each class got which probability of malignancy.
 *
 * @param benign images per bin; bin i of n covers i/n to (i+1)/n, the last one with its upper end
 * @param malignant as {@code benign}
 */
public record ScoreHistogram(List<Integer> benign, List<Integer> malignant) {
  private static final int BINS = 20;

  public ScoreHistogram {
    benign = List.copyOf(benign);
    malignant = List.copyOf(malignant);
  }

  /** Twenty bins. */
  public static ScoreHistogram of(Predictions predictions) {
    return new ScoreHistogram(counts(predictions, 0), counts(predictions, 1));
  }

  private static List<Integer> counts(Predictions predictions, int label) {
    var counts = new int[BINS];
    for (var row : predictions.rows()) {
      if (row.label() == label) {
        counts[Math.min((int) (row.probability() * BINS), BINS - 1)]++;
      }
    }
    return IntStream.of(counts).boxed().toList();
  }
}
