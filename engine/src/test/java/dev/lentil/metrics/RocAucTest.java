package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RocAucTest {
  @Test
  void agreesWithScikitLearn() {
    double worst = 0;
    for (var c : AucCase.all()) {
      double area = RocAuc.of(c.labels(), c.scores());
      assertEquals(c.exact(), area, 1e-12, c.name());
      worst = Math.max(worst, Double.isNaN(area) ? 0 : Math.abs(area - c.exact()));
    }
    System.out.println("RocAuc against scikit-learn: worst error " + worst);
  }

  @Test
  void isTheFractionOfPairsInOrder() {
    var random = new Random(1);
    for (int round = 0; round < 200; round++) {
      int n = 2 + random.nextInt(40);
      var labels = random.ints(n, 0, 2).toArray();
      labels[0] = 0;
      labels[1] = 1;
      var scores = random.ints(n, 0, 12).mapToDouble(i -> i / 12.0).toArray();
      double wins = 0;
      double pairs = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          if (labels[i] == 1 && labels[j] == 0) {
            pairs++;
            wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
          }
        }
      }
      assertEquals(wins / pairs, RocAuc.of(labels, scores), 1e-15);
      assertEquals(wins / pairs, RocCurve.of(labels, scores).area(), 1e-12);
    }
  }

  @Test
  void zeroHasOneValue() {
    assertEquals(0.5, RocAuc.of(new int[] {0, 1}, new double[] {0.0, -0.0}));
  }

  @Test
  void undefinedWithoutBothClasses() {
    assertEquals(Double.NaN, RocAuc.of(new int[] {1, 1}, new double[] {0.1, 0.2}));
    assertEquals(Double.NaN, RocAuc.of(new int[0], new double[0]));
  }

  @Test
  void oneVersusRest() {
    var labels = new int[] {0, 1, 2, 2};
    var scores = new double[][] {{0.8, 0.1, 0.1}, {0.3, 0.3, 0.4}, {0.1, 0.3, 0.6}, {0.4, 0.3, 0.3}};
    assertArrayEquals(new double[] {1, (0.5 + 0.5 + 1) / 3, 0.75}, RocAuc.oneVersusRest(labels, scores), 1e-15);
    assertEquals((1 + 2 / 3.0 + 0.75) / 3, RocAuc.macroOneVersusRest(labels, scores), 1e-15);
  }

  @Test
  void refusesBadInput() {
    var nan = assertThrows(IllegalArgumentException.class,
        () -> RocAuc.of(new int[] {0, 1}, new double[] {0.1, Double.NaN}));
    assertTrue(nan.getMessage().contains("sample 1 is NaN"), nan.getMessage());
    assertThrows(IllegalArgumentException.class, () -> RocAuc.of(new int[] {0, 2}, new double[2]));
    assertThrows(IllegalArgumentException.class, () -> RocAuc.of(new int[] {0, 1}, new double[3]));
  }
}
