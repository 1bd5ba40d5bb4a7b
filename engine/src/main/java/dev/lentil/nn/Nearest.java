package dev.lentil.nn;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Suggests similar names in an error about a name that does not exist. */
public final class Nearest {
  private Nearest() {}

  /** The names that are nearest to a wrong one, the nearest first. */
  public static List<String> to(String wrong, Collection<String> names, int count) {
    return names.stream().sorted(Comparator.comparingInt(name -> distance(name, wrong))).limit(count).toList();
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
