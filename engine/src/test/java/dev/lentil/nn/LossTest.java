package dev.lentil.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LossTest {
  private static final double TOLERANCE = 1e-14;

  /** A loss and its gradient. */
  private record Result(double loss, double[] gradient) {
    static Result of(Loss loss, int n, int k, double[] logits, double[] labels, double[] weights) {
      double[] gradient = new double[n * k];
      return new Result(loss.evaluate(n, k, logits, labels, weights, gradient), gradient);
    }
  }

  /** 0.5 and 0.25 are the probabilities. */
  @Test
  void binaryByHand() {
    double third = Math.log(1.0 / 3);
    Result two = Result.of(new Loss.BinaryCrossEntropy(), 2, 1, new double[] {0, third}, new double[] {1, 1},
        new double[] {1, 3});
    assertEquals((Math.log(2) + 3 * Math.log(4)) / 2, two.loss, TOLERANCE);
    assertArrayEquals(new double[] {-0.5 / 2, -3 * 0.75 / 2}, two.gradient, TOLERANCE);
    // the outputs of a sample are averaged
    Result pairs = Result.of(new Loss.BinaryCrossEntropy(), 2, 2, new double[] {0, third, third, 0},
        new double[] {1, 0, 1, 0}, new double[] {1, 3});
    assertEquals((Math.log(2) + Math.log(4.0 / 3) + 3 * (Math.log(4) + Math.log(2))) / 4, pairs.loss, TOLERANCE);
    assertArrayEquals(new double[] {-0.5 / 4, 0.25 / 4, -3 * 0.75 / 4, 3 * 0.5 / 4}, pairs.gradient, TOLERANCE);
  }

  @Test
  void binaryDoesNotOverflow() {
    Result far = Result.of(new Loss.BinaryCrossEntropy(), 1, 4, new double[] {800, 800, -800, -800},
        new double[] {0, 1, 0, 1}, new double[] {4});
    assertEquals(1600, far.loss);
    assertArrayEquals(new double[] {1, 0, 0, -1}, far.gradient);
  }

  /** The logits are logarithms of 1, 2 and 5, with a thousand more in the second sample, of which exp would be infinite. */
  @Test
  void categoricalByHand() {
    double[] logits = new double[6];
    for (int i = 0; i < 6; i++) {
      logits[i] = Math.log(new double[] {1, 2, 5}[i % 3]) + (i < 3 ? 0 : 1000);
    }
    Result two = Result.of(new Loss.CategoricalCrossEntropy(), 2, 3, logits, new double[] {0, 1, 0, 0.5, 0, 0.25},
        new double[] {1, 4});
    // soft labels need not add up to 1
    assertEquals((Math.log(4) + 4 * (0.5 * Math.log(8) + 0.25 * Math.log(8.0 / 5))) / 2, two.loss, 1e-12);
    assertArrayEquals(new double[] {0.125 / 2, (0.25 - 1) / 2, 0.625 / 2, 4 * (0.75 * 0.125 - 0.5) / 2,
        4 * 0.75 * 0.25 / 2, 4 * (0.75 * 0.625 - 0.25) / 2}, two.gradient, 1e-12);
  }

  /** In float32, 1 - 1e-7 is 1 - 2^-23, nearer to 1 than 1e-7 is to 0. */
  @Test
  void clippedAtBothEnds() {
    var loss = new Loss.ClippedBinaryCrossEntropy();
    Result ends =
        Result.of(loss, 2, 2, new double[] {-40, 40, -40, 40}, new double[] {1, 0, 0, 1}, new double[] {1, 1});
    double low = Math.log(1e-7f);
    double high = Math.log(0x1p-23);
    assertEquals(-(low + high + Math.log(1 - 1e-7f) + Math.log(1 - 0x1p-23)) / 4, ends.loss, TOLERANCE);
    assertArrayEquals(new double[4], ends.gradient);

    Result inside = Result.of(loss, 2, 1, new double[] {0, Math.log(3)}, new double[] {1, 0}, new double[] {1, 3});
    assertEquals((Math.log(2) + 3 * Math.log(4)) / 2, inside.loss, TOLERANCE);
    assertArrayEquals(new double[] {-0.5 / 2, 3 * 0.75 / 2}, inside.gradient, TOLERANCE);
    assertEquals(-Math.log(0.25), Loss.ClippedBinaryCrossEntropy.of(0.25f, 1));
  }

  @Test
  void weightedLogitsByHand() {
    Result two = Result.of(new Loss.WeightedLogits(), 2, 2, new double[] {2, -1, 3, 5}, new double[] {1, 0.5, 0, -2},
        new double[] {1, 3});
    assertEquals((2 - 0.5 + 3 * -10) / 2, two.loss);
    assertArrayEquals(new double[] {0.5, 0.25, 0, -3}, two.gradient);
  }

  @Test
  void gradientsAreThoseOfCentralDifferences() {
    var random = new Random(7);
    double worst = 0;
    for (Loss loss : List.of(new Loss.BinaryCrossEntropy(), new Loss.CategoricalCrossEntropy(),
        new Loss.WeightedLogits())) {
      double[] logits = random.doubles(12, -3, 3).toArray();
      double[] labels = random.doubles(12).toArray();
      double[] weights = random.doubles(3, 0.5, 2).toArray();
      double[] gradient = Result.of(loss, 3, 4, logits, labels, weights).gradient;
      for (int i = 0; i < 12; i++) {
        double[] above = logits.clone();
        double[] below = logits.clone();
        above[i] += 1e-5;
        below[i] -= 1e-5;
        double difference = (Result.of(loss, 3, 4, above, labels, weights).loss
            - Result.of(loss, 3, 4, below, labels, weights).loss) / 2e-5;
        worst = Math.max(worst, Math.abs(difference - gradient[i]));
      }
    }
    System.out.println("losses: worst difference of a gradient from central differences " + worst);
    assertTrue(worst < 1e-9, "worst " + worst);
  }

  @Test
  void softmaxIsOfItsRangeAlone() {
    double[] z = {7, Math.log(1), Math.log(3), 7};
    Loss.softmax(z, 1, 2);
    assertArrayEquals(new double[] {7, 0.25, 0.75, 7}, z, TOLERANCE);
    double[] large = {1000, 1000};
    Loss.softmax(large, 0, 2);
    assertEquals("[0.5, 0.5]", Arrays.toString(large));
  }
}
