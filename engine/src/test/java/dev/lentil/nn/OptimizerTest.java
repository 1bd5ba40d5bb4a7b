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
}
