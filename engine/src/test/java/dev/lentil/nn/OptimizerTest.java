package dev.lentil.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class OptimizerTest {
  private static void assertRefused(String field, Executable optimizer) {
    String message = assertThrows(IllegalArgumentException.class, optimizer).getMessage();
    assertTrue(message.contains(": " + field + " is "), message);
  }

  @Test
  void argumentsOutsideTheirRangesAreRefused() {
    for (double share : new double[] {-0.1, 1, 1.5, Double.NaN}) {
      assertRefused("beta1", () -> new Optimizer.Adam(share, 0.999, 1e-7, 0));
      assertRefused("beta2", () -> new Optimizer.Adam(0.9, share, 1e-7, 0));
      assertRefused("momentum", () -> new Optimizer.Sgd(share));
    }
    for (double epsilon : new double[] {0, -1e-7, 1e-60, 1e60, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertRefused("epsilon", () -> new Optimizer.Adam(0.9, 0.999, epsilon, 0));
    }
    assertRefused("weightDecay", () -> Optimizer.Adam.keras().withWeightDecay(-0.1));
    assertEquals(0.5, new Optimizer.Adam(0, 0, 1e-7, 0).correctedRate(0.5, 1));
    new Optimizer.Sgd(0);
  }

  @Test
  void biasesAndNormalisationsDoNotDecay() {
    var adam = Optimizer.Adam.keras().withWeightDecay(0.01);
    for (ParameterSpec.Role role : ParameterSpec.Role.values()) {
      assertEquals(role == ParameterSpec.Role.KERNEL ? 0.01 : 0, adam.weightDecay(role), role.name());
    }
    assertEquals(new Optimizer.Adam(0.9, 0.999, 1e-7, 0.01), adam);
  }

  /** Of the first step the two corrections are those of a gradient alone: the step is the rate. */
  @Test
  void theRateIsCorrectedForAveragesThatBeginAtZero() {
    var adam = new Optimizer.Adam(0.5, 0.75, 1e-7, 0);
    assertEquals(0.1 * 0.5 / 0.5, adam.correctedRate(0.1, 1), 1e-16);
    assertEquals(0.1 * Math.sqrt(1 - 0.5625) / 0.75, adam.correctedRate(0.1, 2), 1e-16);
    assertEquals(2, adam.slots());
    assertEquals(1, new Optimizer.Sgd(0.9).slots());
  }
}
