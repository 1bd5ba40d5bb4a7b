package dev.lentil.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.backend.Backends;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.ParameterBank;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeightAverageTest {
  private static final String NAME = "w/kernel";

  /** Two parameters of two elements each. */
  private static Network network() {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(1, 1, 2)));
    builder.add(new Layer.Conv2d("w", 2, 1, 1, Padding.VALID, true));
    return builder.build();
  }

  private static Tensor kernel(float... values) {
    return Tensor.of(Shape.of(1, 1, 2, 2), values);
  }

  private static Weights weights(float... values) {
    return new Weights(Map.of(NAME, kernel(values), "w/bias", Tensor.of(Shape.of(2), 0.5f, -0.1f)));
  }

  private static void withBank(String backend, Weights start, BiConsumer<ParameterBank, WeightAverage> use,
      double decay) {
    try (var device = Backends.named(backend).open(new DeviceOptions(1));
        var bank = device.load(network(), start)) {
      try (var average = new WeightAverage(decay, bank, bank.snapshot())) {
        use.accept(bank, average);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.lentil.train.TinyRun#backends")
  void itForgetsFastAtFirstAndByItsDecayLater(String backend) {
    withBank(backend, weights(1, 5, 0, 0), (bank, average) -> {
      bank.write(NAME, kernel(2, 5, 0, 0));
      average.add(1);
      // (1 + 1) / (10 + 1) of itself is kept
      double first = 2 - 2 / 11.0;
      assertArrayEquals(new double[] {first, 5, 0, 0}, average.weights().get(NAME).doubles(), 1e-15);
      bank.write(NAME, kernel(4, 5, 0, 0));
      average.add(100);
      assertArrayEquals(new double[] {4 + 0.25 * (first - 4), 5, 0, 0}, average.weights().get(NAME).doubles(), 1e-15);
    }, 0.25);
  }

  @ParameterizedTest
  @MethodSource("dev.lentil.train.TinyRun#backends")
  void whatDoesNotChangeIsItsOwnAverage(String backend) {
    float[] values = {0.1f, -1e-30f, 3e7f, 1 / 3f};
    withBank(backend, weights(values), (bank, average) -> {
      for (int step = 1; step < 50; step++) {
        average.add(step);
      }
      assertArrayEquals(values, average.weights().get(NAME).floats());
      assertArrayEquals(new float[] {0.5f, -0.1f}, average.weights().get("w/bias").floats());
    }, 0.999);
  }

  @Test
  void theFirstWeightsAreNotTouched() {
    var start = new Weights(
        Map.of(NAME, Tensor.of(Shape.of(1, 1, 2, 2), 1.0, 1, 1, 1), "w/bias", Tensor.of(Shape.of(2), 0.0, 0)));
    try (var device = Backends.named("reference").open(new DeviceOptions(1));
        var bank = device.load(network(), weights(3, 3, 3, 3))) {
      try (var average = new WeightAverage(0, bank, start)) {
        average.add(1);
      }
    }
    assertArrayEquals(new double[] {1, 1, 1, 1}, start.get(NAME).doubles());
  }

  @Test
  void aDecayOutOfRangeIsRefused() {
    for (double decay : new double[] {-0.1, 1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> WeightAverage.requireDecay(decay));
    }
  }
}
