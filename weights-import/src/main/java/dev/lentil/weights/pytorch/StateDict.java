package dev.lentil.weights.pytorch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tensors in what a pickle made, under the path that leads to each: {@code state_dict.module.features.0.0.weight}.
 * Numbers and texts are kept too, since a checkpoint says there which epoch it is of.
 */
final class StateDict {
  /** The deepest nesting that is walked; an optimiser's memory has four levels. */
  private static final int MAX_DEPTH = 16;
  private static final int LONGEST_TEXT = 200;

  private final List<Map.Entry<String, Python.TensorView>> tensors = new ArrayList<>();
  private final Map<String, String> facts = new LinkedHashMap<>();
  /** What has been walked, since a pickle may hold one list many times, or in itself. */
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private StateDict() {}

  static StateDict of(Object root) {
    var found = new StateDict();
    found.walk("", root, 0);
    return found;
  }

  /** In the order of the file; a name may appear twice. */
  List<Map.Entry<String, Python.TensorView>> tensors() {
    return Collections.unmodifiableList(tensors);
  }

  Map<String, String> facts() {
    return Collections.unmodifiableMap(facts);
  }

  private void walk(String name, Object value, int depth) {
    if (depth > MAX_DEPTH) {
      return;
    }
    switch (value) {
      case Python.TensorView tensor -> tensors.add(Map.entry(name, tensor));
      case Python.Dict dict -> {
        if (seen.add(dict)) {
          dict.items.forEach((key, item) -> walk(join(name, key), item, depth + 1));
        }
      }
      case Python.Sequence sequence -> {
        if (seen.add(sequence)) {
          walkAll(name, sequence.items, depth);
        }
      }
      case Python.Tuple tuple -> {
        if (seen.add(tuple)) {
          walkAll(name, tuple.items(), depth);
        }
      }
      case Long _, Double _, Boolean _ -> facts.put(name, String.valueOf(value));
      case String text when text.length() <= LONGEST_TEXT -> facts.put(name, text);
      default -> {}
    }
  }

  private void walkAll(String name, List<Object> items, int depth) {
    for (int i = 0; i < items.size(); i++) {
      walk(join(name, (long) i), items.get(i), depth + 1);
    }
  }

  private static String join(String name, Object key) {
    String last = switch (key) {
      case String text -> text;
      case Long number -> number.toString();
      default -> "?";
    };
    return name.isEmpty() ? last : name + "." + last;
  }
}
