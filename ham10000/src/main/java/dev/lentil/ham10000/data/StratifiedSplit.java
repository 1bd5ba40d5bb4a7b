package dev.lentil.ham10000.data;

import dev.lentil.ham10000.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * scikit-learn's {@code train_test_split(positions, test_size=..., stratify=labels, random_state=seed)}, draw for draw.
 *
 * <p>Source: scikit-learn, {@code StratifiedShuffleSplit._iter_indices} and {@code _approximate_mode}.
 *
 * @param train positions in the order in which scikit-learn returns them
 * @param test positions, likewise
 */
record StratifiedSplit(int[] train, int[] test) {
  /**
   * @param labels class index of every position, every class at least twice
   * @param names of the classes, for errors
   * @param testShare of all positions, in (0, 1); the number is rounded up
   */
  static StratifiedSplit of(int[] labels, List<String> names, double testShare, long seed) {
    int n = labels.length;
    int classes = names.size();
    int testCount = (int) Math.ceil(testShare * n);
    int trainCount = n - testCount;
    var positions = positionsByClass(labels, names);
    var counts = positions.stream().mapToInt(p -> p.length).toArray();
    if (testCount < classes || trainCount < classes) {
      throw new UserError(n + " lesions are too few to split " + trainCount + " / " + testCount + " over " + classes
          + " classes; every part needs at least one lesion of each class");
    }
    var random = new Mt19937(seed);
    var trainOfClass = approximateMode(counts, trainCount, random);
    var left = new int[classes];
    for (int c = 0; c < classes; c++) {
      left[c] = counts[c] - trainOfClass[c];
    }
    var testOfClass = approximateMode(left, testCount, random);
    var train = new int[trainCount];
    var test = new int[testCount];
    int trains = 0;
    int tests = 0;
    for (int c = 0; c < classes; c++) {
      var order = random.permutation(counts[c]);
      for (int k = 0; k < trainOfClass[c]; k++) {
        train[trains++] = positions.get(c)[order[k]];
      }
      for (int k = 0; k < testOfClass[c]; k++) {
        test[tests++] = positions.get(c)[order[trainOfClass[c] + k]];
      }
    }
    random.shuffle(train);
    random.shuffle(test);
    return new StratifiedSplit(train, test);
  }

  private static List<int[]> positionsByClass(int[] labels, List<String> names) {
    var positions = new ArrayList<int[]>();
    for (int c = 0; c < names.size(); c++) {
      int label = c;
      var members = IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
      if (members.length < 2) {
        throw new UserError(
            "class " + names.get(c) + " has " + members.length
                + (members.length == 1 ? " lesion" : " lesions")
                + "; a stratified split needs at least 2 of every class, add some of it");
      }
      positions.add(members);
    }
    return positions;
  }

  /**
   * How many of each class to draw: the floor of the proportional share, and one more for the largest fractional parts until the sum is
   * right. Classes with equal fractional parts are taken in a random order, which draws numbers even when all of them are taken.
   */
  private static int[] approximateMode(int[] classCounts, int draws, Mt19937 random) {
    int total = Arrays.stream(classCounts).sum();
    var result = new int[classCounts.length];
    var remainder = new double[classCounts.length];
    int missing = draws;
    for (int c = 0; c < classCounts.length; c++) {
      double share = (double) classCounts[c] / total * draws;
      result[c] = (int) Math.floor(share);
      remainder[c] = share - result[c];
      missing -= result[c];
    }
    var descending = Arrays.stream(remainder).distinct().boxed().sorted(Comparator.reverseOrder()).toList();
    for (double value : descending) {
      if (missing == 0) {
        break;
      }
      var tied = IntStream.range(0, remainder.length).filter(c -> remainder[c] == value).toArray();
      var order = random.permutation(tied.length);
      int now = Math.min(tied.length, missing);
      for (int k = 0; k < now; k++) {
        result[tied[order[k]]]++;
      }
      missing -= now;
    }
    return result;
  }
}
