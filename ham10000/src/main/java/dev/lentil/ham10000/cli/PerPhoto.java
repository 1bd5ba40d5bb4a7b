package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.ProbabilityCheck;
import dev.lentil.ham10000.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What came of several photographs, in their order: one that is broken keeps none of the others from being shown. */
record PerPhoto<T>(List<One<T>> all) {
  /**
   * One photograph.
   *
   * @param answer absent if it is broken
   * @param error empty if it is not
   */
  private record One<T>(Path file, Optional<T> answer, String error) {}

  /**
   * Asks for each.
   *
   * @throws ProbabilityCheck.DamagedException at the first, since others would fare no better
   */
  static <T> PerPhoto<T> of(List<Path> photos, Function<Path, T> answer) {
    var all = new ArrayList<One<T>>();
    for (Path photo : photos) {
      try {
        all.add(new One<>(photo, Optional.of(answer.apply(photo)), ""));
      } catch (ProbabilityCheck.DamagedException e) {
        throw e;
      } catch (UserError e) {
        all.add(new One<>(photo, Optional.empty(), e.getMessage()));
      }
    }
    return new PerPhoto<>(List.copyOf(all));
  }

  List<T> sound() {
    return all.stream().flatMap(one -> one.answer.stream()).toList();
  }

  List<String> errors() {
    return all.stream().filter(one -> one.answer.isEmpty()).map(One::error).toList();
  }

  /** For programs: an entry for each, with an error for a broken one. */
  List<Object> entries(Function<T, Object> entry) {
    return all.stream().map(one -> one.answer.map(entry).orElseGet(() -> {
      Map<String, Object> broken = new LinkedHashMap<>();
      broken.put("file", one.file);
      broken.put("error", one.error);
      return broken;
    })).toList();
  }
}
