package dev.lentil.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.bench.contender.Inference;
import dev.lentil.bench.contender.Training;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgreementTest {
  private static Inference answering(float... outputs) {
    return new Inference() {
      @Override
      public String name() {
        return "peer";
      }

      @Override
      public float[] run() {
        return outputs;
      }

      @Override
      public void close() {}
    };
  }

  /** @param losses of its steps */
  private static Training training(float[] gradient, double... losses) {
    return new Training() {
      private int steps;

      @Override
      public String name() {
        return "peer";
      }

      @Override
      public Gradients gradients() {
        return new Gradients(losses[0], Map.of("w", gradient));
      }

      @Override
      public double step() {
        return losses[steps++];
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void theWorstDifferenceIsRelativeToTheLargestOutput() {
    assertEquals(0.5e-3, Agreement.require(answering(1, 2, -4), answering(1, 2.002f, -4)), 1e-6);
  }

  @Test
  void aPeerThatAnswersSomethingElseIsAnError() {
    var error = assertThrows(IllegalStateException.class,
        () -> Agreement.require(answering(1, 2), answering(1, 2.1f)));
    assertTrue(error.getMessage().contains("outputs of peer differ"), error.getMessage());
    assertThrows(IllegalStateException.class, () -> Agreement.require(answering(1, 2), answering(1)));
    assertThrows(IllegalStateException.class, () -> Agreement.require(answering(1, 2), answering(Float.NaN, 2)));
    assertThrows(IllegalStateException.class, () -> Agreement.require(answering(Float.NaN, 2), answering(1, 2)));
    assertThrows(IllegalStateException.class, () -> Agreement.require(answering(0, 0), answering(0, 0)),
        "outputs that are all zero prove nothing");
  }

  @Test
  void aPeerThatTrainsOtherwiseIsAnError() {
    float[] gradient = {3, 4};
    assertEquals(0.05 / 5,
        Agreement.require(training(gradient, 2, 1), training(new float[] {3, 4.05f}, 2, 1.1)), 1e-6);
    refused(training(gradient, 2.1, 1), "losses");
    refused(training(new float[] {3, -4}, 2, 1), "gradients");
    refused(training(new float[] {3, Float.NaN}, 2, 1), "gradients");
    refused(training(gradient, 2, 2), "first updates");
  }

  private static void refused(Training peer, String what) {
    var error = assertThrows(IllegalStateException.class,
        () -> Agreement.require(training(new float[] {3, 4}, 2, 1), peer));
    assertTrue(error.getMessage().contains("the " + what + " of peer differ"), error.getMessage());
  }
}
