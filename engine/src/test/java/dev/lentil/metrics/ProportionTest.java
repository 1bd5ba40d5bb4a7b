package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProportionTest {
  @Test
  void agreesWithScipyAndTheDefinition() {
    var worst = new MetricVectors.Worst("Wilson's interval against scipy, clustered against the definition");
    for (var row : MetricVectors.of("proportions").all()) {
      var values = row.at("successes").all();
      var successes = new boolean[values.size()];
      for (int i = 0; i < successes.length; i++) {
        successes[i] = values.get(i).value() == Boolean.TRUE;
      }
      long count = IntStream.range(0, successes.length).filter(i -> successes[i]).count();
      compare(worst, row.at("wilson"), Proportion.wilson(count, successes.length, 0.95));
      compare(worst, row.at("clustered"),
          Proportion.clustered(successes, row.at("clusters").integers(), 0.95));
    }
    worst.print();
  }

  private static void compare(MetricVectors.Worst worst, MetricVectors.Node expected, Interval actual) {
    worst.compare(expected.at(0).number(), actual.lower(), actual.toString());
    worst.compare(expected.at(1).number(), actual.upper(), actual.toString());
    assertTrue(actual.contains(actual.estimate()), actual.toString());
  }

  @Test
  void imagesOfALesionThatAllAgreeCountOnce() {
    var three = Proportion.clustered(new boolean[] {true, true, true}, new int[] {1, 1, 1}, 0.95);
    assertEquals(Proportion.wilson(1, 1, 0.95).lower(), three.lower());
  }

  @Test
  void refusesNothing() {
    assertThrows(IllegalArgumentException.class, () -> Proportion.wilson(0, 0, 0.95));
    assertThrows(IllegalArgumentException.class, () -> Proportion.clustered(new boolean[0], new int[0], 0.95));
    assertThrows(IllegalArgumentException.class, () -> Proportion.clustered(new boolean[1], new int[2], 0.95));
  }
}
