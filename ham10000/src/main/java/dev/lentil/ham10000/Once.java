package dev.lentil.ham10000;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is named twice would count as two that came out alike by chance. */
public final class Once {
  private Once() {}

  /**
   * Requires that no value is there twice.
   *
   * @param what one of them is called, with its article
   * @throws UsageError naming the first that is, since they stand on the command line
   */
  public static void require(String what, List<?> values) {
    Set<Object> seen = new HashSet<>();
    for (Object value : values) {
      if (!seen.add(value)) {
        throw new UsageError(what + " is named twice, " + value + "; name each once");
      }
    }
  }
}
