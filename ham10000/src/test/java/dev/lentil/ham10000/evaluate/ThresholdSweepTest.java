package dev.lentil.ham10000.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.data.Split.Subset;
import dev.lentil.metrics.ConfusionMatrix;
import org.junit.jupiter.api.Test;

class ThresholdSweepTest {
  private static final Predictions FIVE =
      ExamplePredictions.test(new int[] {0, 0, 1, 0, 1}, new double[] {0.125, 0.3, 0.3, 0.6, 0.9});

  @Test
  void gridHas101Thresholds() {
    var points = ThresholdSweep.onGrid(FIVE).points();
    assertEquals(101, points.size());
    assertEquals(0, points.getFirst().threshold());
    assertEquals(0.86, points.get(86).threshold());
    assertEquals(1, points.getLast().threshold());
    assertEquals(ConfusionMatrix.ofBinary(0, 3, 0, 2), points.getFirst().matrix());
    assertEquals(ConfusionMatrix.ofBinary(3, 0, 2, 0), points.getLast().matrix());
  }

  @Test
  void everyScoreIsAThreshold() {
    // 0.3, 0.6 and 0.9 are on the grid already
    assertEquals(102, ThresholdSweep.atEveryScore(FIVE).points().size());
  }

  @Test
  void everyPointIsTheMatrixAtItsThreshold() {
    var test = ExamplePredictions.binary().of(Subset.TEST);
    for (var point : ThresholdSweep.atEveryScore(test).points()) {
      assertEquals(
          ConfusionMatrix.atThreshold(test.labels(), test.probabilities(), point.threshold()), point.matrix());
    }
  }

  @Test
  void lowestAmongEquallyAccurate() {
    // 4 of 5 right from 0.60 (0.9 alone is malignant) to below 0.9
    var best = ThresholdSweep.onGrid(FIVE).maximumAccuracy();
    assertEquals(0.60, best.threshold());
    assertEquals(0.8, best.accuracy());
    assertEquals(0.5, best.recall());
    assertEquals(1, best.precision());
    assertEquals(1, best.specificity());
    assertEquals(2 / 3.0, best.f1());
  }

  @Test
  void lowestAmongEqualYouden() {
    // sensitivity 1/2 with specificity 1 from 0.6; sensitivity 1 with specificity 1/3 from 0.125 is less
    assertEquals(0.6, ThresholdSweep.atEveryScore(FIVE).maximumYouden().threshold());
    assertEquals(0.5, ThresholdSweep.atEveryScore(FIVE).maximumYouden().youden());
  }

  @Test
  void sensitivityTargetIsReachedWithTheHighestThreshold() {
    var sweep = ThresholdSweep.onGrid(FIVE);
    assertEquals(0.29, sweep.atSensitivity(0.9).threshold());
    assertEquals(0.89, sweep.atSensitivity(0.5).threshold());
    var test = ExamplePredictions.binary().of(Subset.TEST);
    assertTrue(ThresholdSweep.atEveryScore(test).atSensitivity(0.866).recall() >= 0.866);
  }

  @Test
  void unreachableSensitivityGivesTheLowestThreshold() {
    var sweep = ThresholdSweep.onGrid(ExamplePredictions.test(new int[] {0, 1}, new double[] {0, 0}));
    assertEquals(0, sweep.atSensitivity(0.5).threshold());
  }

  @Test
  void specificityTargetIsReachedWithTheLowestThreshold() {
    var sweep = ThresholdSweep.atEveryScore(FIVE);
    assertEquals(0.125, sweep.atSpecificity(1 / 3.0).threshold());
    assertEquals(0.3, sweep.atSpecificity(0.5).threshold());
    assertEquals(0.6, sweep.atSpecificity(1).threshold());
    assertEquals(0.125,
        ThresholdSweep.atEveryScore(ExamplePredictions.test(new int[] {0, 1}, new double[] {0.125, 1}))
            .atSpecificity(0.1)
            .threshold());
  }

  @Test
  void missesMayCostMoreThanFalseAlarms() {
    var sweep = ThresholdSweep.atEveryScore(FIVE);
    // equal costs: 1 miss; a miss as bad as ten alarms: 2 alarms from 0.125; as a tenth of one: 1 miss
    assertEquals(0.6, sweep.minimumCost(1).threshold());
    assertEquals(0.125, sweep.minimumCost(10).threshold());
    assertEquals(0.6, sweep.minimumCost(0.1).threshold());
  }
}
