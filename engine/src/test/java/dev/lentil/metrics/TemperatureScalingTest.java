package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TemperatureScalingTest {
  @Test
  void lowersTheLossAndKeepsTheOrderAndOneHalf() {
    for (var c : MetricVectors.cases()) {
      var scaling = TemperatureScaling.fit(c.labels(), c.model(0));
      var scaled = Arrays.stream(c.model(0)).map(scaling::apply).toArray();
      assertTrue(LogLoss.of(c.labels(), scaled) <= LogLoss.of(c.labels(), c.model(0)) + 1e-12, c.name());
      assertEquals(0.5, scaling.apply(0.5));
      assertTrue(scaling.apply(0.2) < scaling.apply(0.3));
    }
  }

  @Test
  void aModelThatSaysTwiceTooMuchHasTemperatureTwo() {
    // 3 of 4 right where log odds of 2 ln 3 were claimed
    double claimed = 9 / 10.0;
    var scaling = TemperatureScaling.fit(new int[] {1, 1, 1, 0, 0, 0, 0, 1},
        new double[] {claimed, claimed, claimed, claimed, 1 - claimed, 1 - claimed, 1 - claimed, 1 - claimed});
    assertEquals(2, scaling.temperature(), 1e-12);
    assertEquals(0.75, scaling.apply(claimed), 1e-12);
  }

  @Test
  void needsBothClassesAndProbabilities() {
    assertThrows(IllegalArgumentException.class, () -> TemperatureScaling.fit(new int[2], new double[2]));
    assertThrows(IllegalArgumentException.class,
        () -> TemperatureScaling.fit(new int[] {0, 1}, new double[] {0.5, 1.5}));
  }
}
