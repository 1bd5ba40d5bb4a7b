package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class McNemarTest {
  @Test
  void agreesWithScipyRelatively() {
    var worst = new MetricVectors.Worst("McNemar against scipy's binomial and chi-squared, relative");
    for (var row : MetricVectors.of("mcnemar").all()) {
      int[] counts = row.at("counts").integers();
      var test = new McNemar(counts[0], counts[1]);
      worst.compareRelative(row.at("exact_p").number(), test.exactP(), row.toString());
      worst.compare(row.at("statistic").number(), test.correctedStatistic(), row.toString());
      worst.compareRelative(row.at("corrected_p").number(), test.correctedP(), row.toString());
    }
    worst.print();
  }

  @Test
  void countsWhereOneAloneIsRight() {
    for (var c : MetricVectors.cases()) {
      int[] expected = c.at("answers").at("mcnemar").integers();
      assertEquals(new McNemar(expected[0], expected[1]),
          McNemar.of(c.labels(), answers(c.model(0)), answers(c.model(1))), c.name());
    }
  }

  private static int[] answers(double[] scores) {
    return Arrays.stream(scores).mapToInt(p -> p > 0.5 ? 1 : 0).toArray();
  }

  @Test
  void refusesBadInput() {
    assertThrows(IllegalArgumentException.class, () -> new McNemar(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> McNemar.of(new int[2], new int[2], new int[3]));
  }
}
