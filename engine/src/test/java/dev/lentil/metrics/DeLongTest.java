package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeLongTest {
  /** The definitions in Python, with loops over all pairs; areas by scikit-learn, p-values by scipy. */
  @Test
  void agreesWithTheDefinition() {
    var worst = new MetricVectors.Worst("DeLong and Obuchowski against their definitions");
    for (var c : MetricVectors.cases()) {
      var areas = c.at("areas");
      var plain = DeLong.of(c.labels(), c.model(0), c.model(1));
      var clustered = DeLong.clustered(c.labels(), c.at("clusters").integers(), c.model(0), c.model(1));
      for (int a = 0; a < 2; a++) {
        worst.compare(areas.at("auc").at(a).number(), plain.area(a), c.name());
        for (int b = 0; b < 2; b++) {
          worst.compare(areas.at("delong").at(a).at(b).number(), plain.covariance(a, b), c.name());
          worst.compare(areas.at("clustered").at(a).at(b).number(), clustered.covariance(a, b), c.name());
        }
      }
      var interval = plain.interval(0, 0.95);
      worst.compare(areas.at("delong_interval").at(0).number(), interval.lower(), c.name());
      worst.compare(areas.at("delong_interval").at(1).number(), interval.upper(), c.name());
      compare(worst, areas.at("delong_difference"), plain.difference(0, 1), c.name());
      compare(worst, areas.at("clustered_difference"), clustered.difference(0, 1), c.name());
    }
    worst.print();
  }

  private static void compare(
      MetricVectors.Worst worst, MetricVectors.Node expected, DeLong.Difference actual, String name) {
    if (expected.absent()) {
      assertEquals(0, actual.standardError(), name);
      return;
    }
    worst.compare(expected.at("standard_error").number(), actual.standardError(), name);
    worst.compare(expected.at("z").number(), actual.z(), name);
    worst.compare(expected.at("p").number(), actual.p(), name);
  }

  /**
   * 109 computed tomographies, 58 normal and 51 not, on a scale of 1 to 5: Hanley and McNeil, Radiology 143:29, 1982. The
   * area of 0.8932, DeLong's standard error 0.0307 and the interval 0.83295 to 0.95339 are those of Stata's manual ([R]
   * roctab) from memory; it was not at hand.
   */
  @Test
  void hanleyAndMcNeilsTomographies() {
    int[][] ratings = {{33, 6, 6, 11, 2}, {3, 2, 2, 11, 33}};
    var labels = IntStream.empty();
    var scores = IntStream.empty();
    for (int label = 0; label < 2; label++) {
      for (int rating = 0; rating < 5; rating++) {
        int count = ratings[label][rating];
        labels = IntStream.concat(labels, IntStream.generate(constant(label)).limit(count));
        scores = IntStream.concat(scores, IntStream.generate(constant(rating + 1)).limit(count));
      }
    }
    var estimate = DeLong.of(labels.toArray(), scores.asDoubleStream().toArray());
    var interval = estimate.interval(0, 0.95);
    System.out.println("Hanley and McNeil's tomographies: " + interval + ", standard error "
        + Math.sqrt(estimate.covariance(0, 0)));
    assertEquals(0.8932, estimate.area(0), 5e-5);
    assertEquals(0.0307, Math.sqrt(estimate.covariance(0, 0)), 5e-5);
    assertEquals(0.83295, interval.lower(), 5e-6);
    assertEquals(0.95339, interval.upper(), 5e-6);
  }

  private static IntSupplier constant(int value) {
    return () -> value;
  }

  @Test
  void clustersOfOneAreDeLong() {
    for (var c : MetricVectors.cases()) {
      var each = IntStream.range(100, 100 + c.labels().length).toArray();
      assertEquals(DeLong.of(c.labels(), c.model(0)).covariance(0, 0),
          DeLong.clustered(c.labels(), each, c.model(0)).covariance(0, 0), c.name());
    }
  }

  /** Ten copies of each sample are no new evidence: the variance stays, for large numbers of clusters. */
  @Test
  void copiesInAClusterAddNothing() {
    var c = MetricVectors.cases().getFirst();
    int n = c.labels().length;
    var labels = IntStream.range(0, 10 * n).map(i -> c.labels()[i % n]).toArray();
    var scores = IntStream.range(0, 10 * n).mapToDouble(i -> c.model(0)[i % n]).toArray();
    var clusters = IntStream.range(0, 10 * n).map(i -> i % n).toArray();
    assertEquals(DeLong.of(c.labels(), c.model(0)).covariance(0, 0),
        DeLong.clustered(labels, clusters, scores).covariance(0, 0), 1e-12);
    assertTrue(DeLong.of(labels, scores).covariance(0, 0) < DeLong.of(c.labels(), c.model(0)).covariance(0, 0) / 5);
  }

  @Test
  void modelsThatRankAlikeDoNotDiffer() {
    var labels = new int[] {0, 1, 0, 1, 1, 0};
    var scores = new double[] {0.1, 0.4, 0.6, 0.9, 0.5, 0.2};
    var same = DeLong.of(labels, scores, Arrays.stream(scores).map(Math::exp).toArray()).difference(0, 1);
    assertEquals(new DeLong.Difference(0, 0, 0, 1), same);
  }

  @Test
  void perfectModelsHaveNoWidth() {
    var interval = DeLong.of(new int[] {0, 0, 1, 1}, new double[] {1, 2, 3, 4}).interval(0, 0.95);
    assertEquals(new Interval(1, 1, 1, 0.95, "DeLong"), interval);
  }

  @Test
  void oneSampleOfAClassShowsNoVariance() {
    var estimate = DeLong.of(new int[] {0, 1, 0}, new double[] {1, 2, 3}, new double[] {3, 2, 1});
    assertEquals(0.5, estimate.area(0));
    assertTrue(Double.isNaN(estimate.covariance(0, 0)));
    assertTrue(Double.isNaN(estimate.interval(0, 0.95).lower()));
    assertTrue(Double.isNaN(estimate.difference(0, 1).p()));
  }

  @Test
  void refusesBadInput() {
    var message = assertThrows(IllegalArgumentException.class, () -> DeLong.of(new int[] {1, 1}, new double[2]))
        .getMessage();
    assertTrue(message.contains("needs both classes: there are 2 positives and 0 negatives"), message);
    assertThrows(IllegalArgumentException.class, () -> DeLong.of(new int[] {0, 1}, new double[3]));
    assertThrows(IllegalArgumentException.class, () -> DeLong.of(new int[] {0, 1}, new double[] {0, Double.NaN}));
    assertThrows(IllegalArgumentException.class, () -> DeLong.clustered(new int[] {0, 1}, new int[1], new double[2]));
  }
}
