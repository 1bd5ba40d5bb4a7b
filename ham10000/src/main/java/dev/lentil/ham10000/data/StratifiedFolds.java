package dev.lentil.ham10000.data;

import dev.lentil.ham10000.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * scikit-learn's {@code StratifiedKFold(folds, shuffle=True, random_state=seed)}, draw for draw.
 *
 * <p>Source: scikit-learn, {@code StratifiedKFold._make_test_folds}.
 */
final class StratifiedFolds {
  private StratifiedFolds() {}

  /**
   * The fold, 0 to folds - 1, of every position.
   *
   * @param labels class index of every position
   * @param names of the classes, for errors
   * @throws UserError when a class has fewer members than there are folds
   */
  static int[] of(int[] labels, List<String> names, int folds, long seed) {
    int classes = names.size();
    for (int c = 0; c < classes; c++) {
      int label = c;
      long members = Arrays.stream(labels).filter(l -> l == label).count();
      if (members < folds) {
        throw new UserError("class " + names.get(c) + " has " + members + (members == 1 ? " lesion" : " lesions")
            + ", too few for " + folds + " folds; use fewer folds, or add some of it");
      }
    }
    int[] code = byAppearance(labels, classes);
    int[] sorted = Arrays.stream(labels).map(label -> code[label]).sorted().toArray();
    var allocation = new int[folds][classes];
    for (int i = 0; i < sorted.length; i++) {
      allocation[i % folds][sorted[i]]++;
    }
    var random = new Mt19937(seed);
    var result = new int[labels.length];
    for (int k = 0; k < classes; k++) {
      int wanted = k;
      int[] members = IntStream.range(0, labels.length).filter(i -> code[labels[i]] == wanted).toArray();
      var foldOf = new int[members.length];
      int filled = 0;
      for (int fold = 0; fold < folds; fold++) {
        Arrays.fill(foldOf, filled, filled + allocation[fold][k], fold);
        filled += allocation[fold][k];
      }
      random.shuffle(foldOf);
      for (int i = 0; i < members.length; i++) {
        result[members[i]] = foldOf[i];
      }
    }
    return result;
  }

  /** For each class its number in the order in which classes appear first; the generator is asked in this order. */
  private static int[] byAppearance(int[] labels, int classes) {
    var code = new int[classes];
    Arrays.fill(code, -1);
    int seen = 0;
    for (int label : labels) {
      if (code[label] < 0) {
        code[label] = seen++;
      }
    }
    return code;
  }
}
