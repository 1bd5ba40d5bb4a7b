package dev.lentil.backend.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.RunState;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Fusion;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Small enough to be worked out on paper. */
class ReferenceExecutableTest {
  private final Device device = new ReferenceBackend().open(DeviceOptions.defaults());

  private static Network network(Shape input, Layer... layers) {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", input));
    for (Layer layer : layers) {
      builder.add(layer);
    }
    return builder.build();
  }

  private double[] infer(Network network, Weights weights, Tensor images) {
    try (var bank = device.load(network, weights);
        var run = device.compile(Planner.inference(network, images.shape().extent(0), Set.of(), Set.of()), bank)) {
      run.run(Batch.of(images), RunState.inference());
      return run.read(network.outputNode().name()).doubles();
    }
  }

  private static final Tensor NINE = Tensor.of(Shape.of(1, 3, 3, 1), 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0);
  private static final Tensor SUM_OF_NINE =
      Tensor.of(Shape.of(3, 3, 1, 1), 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0);

  @Test
  void aBatchThatNoArrayCanHoldIsRefusedWithTheRemedy() {
    Network valid = network(Shape.of(3, 3, 1), new Layer.Conv2d("op", 1, 3, 1, Padding.VALID, false));
    try (var bank = device.load(valid, new Weights(Map.of("op/kernel", SUM_OF_NINE)))) {
      var plan = Planner.inference(valid, 300_000_000, Set.of(), Set.of());
      var e = assertThrows(BackendException.class, () -> device.compile(plan, bank));
      assertEquals("an activation of this batch needs 2700000000 elements, more than one array can hold: use a smaller "
          + "batch", e.getMessage());
    }
  }

  @Test
  void aKernelOfOnesSumsWhatItSees() {
    Network valid = network(Shape.of(3, 3, 1), new Layer.Conv2d("op", 1, 3, 1, Padding.VALID, false));
    assertArrayEquals(new double[] {45}, infer(valid, new Weights(Map.of("op/kernel", SUM_OF_NINE)), NINE));
    // Stride 2 on an odd extent pads all round: the corners see two by two pixels.
    Network strided = network(Shape.of(3, 3, 1), new Layer.DepthwiseConv2d("op", 3, 2, Padding.KERAS));
    assertArrayEquals(new double[] {12, 16, 24, 28},
        infer(strided, new Weights(Map.of("op/depthwise_kernel", SUM_OF_NINE)), NINE));
  }

  @Test
  void onAnEvenExtentKerasPadsTheEndAndTorchBothSides() {
    Tensor four = Tensor.of(Shape.of(1, 1, 4, 1), 1.0, 10.0, 100.0, 1000.0);
    var weights = new Weights(Map.of("op/kernel", SUM_OF_NINE));
    Shape shape = Shape.of(1, 4, 1);
    assertArrayEquals(new double[] {111, 1100},
        infer(network(shape, new Layer.Conv2d("op", 1, 3, 2, Padding.KERAS, false)), weights, four));
    assertArrayEquals(new double[] {11, 1110},
        infer(network(shape, new Layer.Conv2d("op", 1, 3, 2, Padding.SYMMETRIC, false)), weights, four));
  }

  @Test
  void theGradientOfAReluIsZeroAtBothKinks() {
    Network network = network(Shape.of(1, 1, 4), new Layer.DepthwiseConv2d("before", 1, 1, Padding.VALID),
        new Layer.Relu6("relu"));
    var weights = new Weights(Map.of("before/depthwise_kernel", Tensor.of(Shape.of(1, 1, 4, 1), 1.0, 1.0, 1.0, 1.0)));
    var spec =
        new TrainingSpec(Set.of("before"), BatchNormMode.FROZEN, new Loss.BinaryCrossEntropy(), Optional.empty());
    String gradient = Planner.gradientOf("before");
    try (var bank = device.load(network, weights);
        var step = device.compile(Planner.training(network, 1, spec, Set.of(), Set.of(gradient)), bank)) {
      step.run(Batch.of(Tensor.of(Shape.of(1, 1, 1, 4), 0.0, 6.0, 3.0, -1.0),
          Tensor.of(Shape.of(1, 4), 1.0, 1.0, 1.0, 1.0)), new RunState(0, 1, 1, 0));
      double[] dx = step.read(gradient).doubles();
      assertEquals((Loss.sigmoid(3) - 1) / 4, dx[2], 1e-15);
      assertArrayEquals(new double[] {0, 0, dx[2], 0}, dx);
    }
  }

  @Test
  void fusedStepsAreRefused() {
    Network network = network(Shape.of(3, 3, 1), new Layer.Conv2d("op", 1, 3, 1, Padding.VALID, false));
    try (var bank = device.load(network, new Weights(Map.of("op/kernel", SUM_OF_NINE)))) {
      var plan = Planner.inference(network, 1, Set.of(Fusion.CONVOLVE), Set.of());
      var error = assertThrows(IllegalArgumentException.class, () -> device.compile(plan, bank));
      assertTrue(error.getMessage().contains("no fused steps"), error::getMessage);
    }
  }

  @Test
  void aGradientThatIsNotCalculatedCannotBeTapped() {
    Network network = network(Shape.of(3, 3, 1), new Layer.Conv2d("op", 1, 3, 1, Padding.VALID, false));
    var spec = new TrainingSpec(Set.of("op"), BatchNormMode.FROZEN, new Loss.BinaryCrossEntropy(), Optional.empty());
    var error = assertThrows(IllegalArgumentException.class,
        () -> Planner.training(network, 1, spec, Set.of(), Set.of(Planner.gradientOf("input"))));
    assertTrue(error.getMessage().contains("'d(input)' cannot be tapped"), error::getMessage);
    assertThrows(IllegalArgumentException.class, () -> Planner.update(network, spec));
  }
}
