package dev.lentil.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReliabilityTest {
  @Test
  void anEdgeBelongsToTheBinBelow() {
    var diagram = Reliability.equalWidth(new int[] {0, 0, 1, 1, 1}, new double[] {0, 0.5, 0.5, 0.51, 1}, 2);
    assertEquals(List.of(new Reliability.Bin(0, 0.5, 3, 1, 1 / 3.0), new Reliability.Bin(0.5, 1, 2, 2, 0.755)),
        diagram.bins());
    assertEquals(1 / 3.0, diagram.bins().getFirst().frequency());
    assertEquals((3 * 0 + 2 * 0.245) / 5, diagram.expectedError(), 1e-15);
  }

  @Test
  void tiesStayTogether() {
    var diagram = Reliability.equalMass(new int[] {0, 1, 0, 1}, new double[] {0.3, 0.3, 0.3, 0.3}, 10);
    assertEquals(1, diagram.bins().size());
    assertEquals(4, diagram.samples());
  }

  @Test
  void theDecompositionAddsUp() {
    for (var c : MetricVectors.cases()) {
      var brier = BrierScore.of(c.labels(), c.model(0), Reliability.equalMass(c.labels(), c.model(0), 10));
      assertEquals(brier.score(), brier.reliability() - brier.resolution() + brier.uncertainty() + brier.within(),
          1e-15);
    }
    // equal probabilities in every bin: nothing is hidden
    var exact = BrierScore.of(new int[] {0, 1, 1, 0}, new double[] {0.2, 0.2, 0.7, 0.7},
        Reliability.equalWidth(new int[] {0, 1, 1, 0}, new double[] {0.2, 0.2, 0.7, 0.7}, 10));
    assertEquals(0, exact.within(), 1e-15);
  }
}
