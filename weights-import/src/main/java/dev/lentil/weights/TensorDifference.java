package dev.lentil.weights;

import dev.lentil.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * How one tensor differs between two files.
 *
 * @param name of the tensor
 */
public record TensorDifference(String name, Kind kind) {
  /** In which way. */
  public sealed interface Kind {}

  /** It is in the first file alone. */
  public record OnlyInFirst() implements Kind {}

  /** It is in the second file alone. */
  public record OnlyInSecond() implements Kind {}

  /** The shapes, as text. */
  public record Shapes(String first, String second) implements Kind {}

  /**
   * The values.
   *
   * @param count how many differ; two that are not a number do not
   * @param largest the largest difference; infinite if one of two values is not a number
   * @param relative the difference's norm by the first tensor's
   */
  public record Values(long count, double largest, double relative) implements Kind {}

  /**
   * The tensors that differ, by name; none if all are equal, 0 and -0 among them.
   *
   * @param read gives a tensor's values, which are asked for one tensor at a time
   */
  public static <T> List<TensorDifference> between(Map<String, T> first, Map<String, T> second,
      Function<T, Tensor> read) {
    var names = new TreeSet<>(first.keySet());
    names.addAll(second.keySet());
    var differences = new ArrayList<TensorDifference>();
    for (String name : names) {
      if (!second.containsKey(name)) {
        differences.add(new TensorDifference(name, new OnlyInFirst()));
      } else if (!first.containsKey(name)) {
        differences.add(new TensorDifference(name, new OnlyInSecond()));
      } else {
        compare(name, read.apply(first.get(name)), read.apply(second.get(name)), differences);
      }
    }
    return differences;
  }

  private static void compare(String name, Tensor a, Tensor b, List<TensorDifference> differences) {
    if (!a.shape().equals(b.shape())) {
      differences.add(new TensorDifference(name, new Shapes(a.shape().toString(), b.shape().toString())));
      return;
    }
    long count = 0;
    double largest = 0;
    double squares = 0;
    double norm = 0;
    for (int i = 0; i < a.shape().size(); i++) {
      double x = a.get(i);
      double y = b.get(i);
      norm += x * x;
      if (x != y && !(Double.isNaN(x) && Double.isNaN(y))) {
        count++;
        double off = Double.isNaN(x - y) ? Double.POSITIVE_INFINITY : Math.abs(x - y);
        largest = Math.max(largest, off);
        squares += off * off;
      }
    }
    if (count > 0) {
      differences.add(new TensorDifference(name, new Values(count, largest, Math.sqrt(squares / norm))));
    }
  }
}
