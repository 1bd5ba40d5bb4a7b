package dev.lentil.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.tensor.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InitializerTest {
  private static Network network() {
    Network.Builder builder = Network.builder();
    builder.add(new Layer.Input("in", Shape.of(8, 8, 3)));
    builder.add(new Layer.Conv2d("conv", 32, 3, 1, Padding.KERAS, true));
    builder.add(new Layer.BatchNorm("bn", 1e-3, 0.9));
    builder.add(new Layer.DepthwiseConv2d("depthwise", 3, 1, Padding.KERAS));
    builder.add(new Layer.GlobalAveragePool("pool"));
    builder.add(new Layer.Dense("dense", 1));
    return builder.build();
  }

  /** Keras: compute_fans((3,3,3,32)) is (27, 288); of the depthwise (3,3,32,1) it is (288, 9). */
  @Test
  void fansAreKerass() {
    assertEquals(Math.sqrt(6.0 / (27 + 288)), Initializer.glorotLimit(Shape.of(3, 3, 3, 32)), 1e-15);
    assertEquals(Math.sqrt(6.0 / (288 + 9)), Initializer.glorotLimit(Shape.of(3, 3, 32, 1)), 1e-15);
    assertEquals(Math.sqrt(6.0 / (1280 + 1)), Initializer.glorotLimit(Shape.of(1280, 1)), 1e-15);
  }

  @Test
  void kernelsAreUniformWithinTheLimit() {
    float[] kernel = Initializer.weights(network(), 42).get("conv/kernel").floats();
    double limit = Initializer.glorotLimit(Shape.of(3, 3, 3, 32));
    double sum = 0;
    double squares = 0;
    for (float v : kernel) {
      assertTrue(v >= -limit && v <= limit);
      sum += v;
      squares += v * v;
    }
    // four standard errors of the mean, and of the variance limit^2/3
    assertEquals(0, sum / kernel.length, 4 * limit / Math.sqrt(3.0 * kernel.length));
    assertEquals(limit * limit / 3, squares / kernel.length, 4 * limit * limit * Math.sqrt(4.0 / 45 / kernel.length));
  }

  @Test
  void theRestIsTheIdentity() {
    Weights weights = Initializer.weights(network(), 42).matching(network());
    float[] ones = new float[32];
    Arrays.fill(ones, 1);
    assertArrayEquals(ones, weights.get("bn/gamma").floats());
    assertArrayEquals(ones, weights.get("bn/moving_variance").floats());
    assertArrayEquals(new float[32], weights.get("bn/beta").floats());
    assertArrayEquals(new float[32], weights.get("bn/moving_mean").floats());
    assertArrayEquals(new float[32], weights.get("conv/bias").floats());
    assertArrayEquals(new float[1], weights.get("dense/bias").floats());
  }

  @Test
  void valuesDependOnSeedAndParameterAlone() {
    Weights once = Initializer.weights(network(), 42);
    Weights again = Initializer.weights(network(), 42);
    Weights other = Initializer.weights(network(), 43);
    assertArrayEquals(once.get("dense/kernel").floats(), again.get("dense/kernel").floats());
    assertFalse(Arrays.equals(once.get("dense/kernel").floats(), other.get("dense/kernel").floats()));
    // two parameters of one seed do not share their stream
    assertFalse(once.get("conv/kernel").get(0) / Initializer.glorotLimit(Shape.of(3, 3, 3, 32)) == once
        .get("depthwise/depthwise_kernel").get(0) / Initializer.glorotLimit(Shape.of(3, 3, 32, 1)));
  }
}
