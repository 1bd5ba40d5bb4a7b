package dev.lentil.backend.contract;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.tensor.Tensor;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.function.Executable;

/** Collects the worst relative error of each kind of result, to be judged and printed at the end. */
final class WorstErrors {
  private record Worst(double error, String where) {}

  private final Map<String, Worst> worst = new TreeMap<>();

  /** {@code ||actual - expected|| / ||expected||}; of two tensors that are all zero, 0. */
  static double relative(Tensor actual, Tensor expected) {
    assertEquals(expected.shape(), actual.shape());
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.shape().size(); i++) {
      double d = actual.get(i) - expected.get(i);
      difference += d * d;
      norm += expected.get(i) * expected.get(i);
    }
    return difference == 0 ? 0 : Math.sqrt(difference / norm);
  }

  static double norm(Tensor tensor) {
    double squares = 0;
    for (int i = 0; i < tensor.shape().size(); i++) {
      squares += tensor.get(i) * tensor.get(i);
    }
    return Math.sqrt(squares);
  }

  void add(String kind, String where, Tensor actual, Tensor expected) {
    add(kind, where, relative(actual, expected));
  }

  void add(String kind, String where, double error) {
    // Not a number is the worst error there is.
    double e = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    worst.merge(kind, new Worst(e, where), (a, b) -> a.error >= b.error ? a : b);
  }

  /** Prints every kind's worst error and fails if one is above the limit. */
  void judge(String title, double limit) {
    var checks = new ArrayList<Executable>();
    worst.forEach((kind, w) -> {
      System.out.printf("%-52s %-34s %.1e  (%s)%n", title, kind, w.error, w.where);
      checks.add(() -> assertTrue(w.error <= limit, title + ", " + kind + ": " + w.error + " at " + w.where));
    });
    assertTrue(!checks.isEmpty(), "nothing was compared");
    assertAll(checks);
  }
}
