package dev.lentil.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Batch;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradientCheckerTest {
  private static final Loss BINARY = new Loss.BinaryCrossEntropy();

  @ParameterizedTest
  @EnumSource(BatchNormMode.class)
  void everyLayerTypeTogether(BatchNormMode mode) {
    check("every layer, " + mode, SmallNetwork.everyLayer(), mode, new Loss.CategoricalCrossEntropy(), 2);
  }

  @ParameterizedTest
  @CsvSource({
      "1, 1, VALID, 5, 4", "3, 1, KERAS, 5, 4", "3, 1, SYMMETRIC, 5, 4", "3, 1, VALID, 5, 4", "3, 2, KERAS, 6, 5",
      "3, 2, KERAS, 5, 6", "3, 2, SYMMETRIC, 6, 5", "3, 2, SYMMETRIC, 5, 6", "3, 2, VALID, 6, 5", "5, 2, KERAS, 6, 7",
      "5, 2, SYMMETRIC, 6, 7", "5, 1, KERAS, 3, 4"})
  void convolutions(int kernel, int stride, Padding padding, int height, int width) {
    var builder = Network.builder();
    builder.add(new Layer.Input("in", Shape.of(height, width, 2)));
    // The convolution before is there so that the gradient has to pass through the ones under test.
    builder.add(new Layer.Conv2d("before", 3, 1, 1, Padding.VALID, true));
    builder.add(new Layer.Conv2d("conv", 4, kernel, stride, padding, true));
    builder.add(new Layer.DepthwiseConv2d("depthwise", kernel, stride == 2 ? 1 : 2, Padding.SYMMETRIC));
    String name = "%dx%d stride %d %s on %dx%d".formatted(kernel, kernel, stride, padding, height, width);
    check(name, builder.build(), BatchNormMode.FROZEN, BINARY, 2);
    var depthwise = Network.builder();
    depthwise.add(new Layer.Input("in", Shape.of(height, width, 2)));
    depthwise.add(new Layer.Conv2d("before", 3, 1, 1, Padding.VALID, true));
    depthwise.add(new Layer.DepthwiseConv2d("depthwise", kernel, stride, padding));
    check("depthwise " + name, depthwise.build(), BatchNormMode.FROZEN, BINARY, 2);
  }

  @ParameterizedTest
  @EnumSource(BatchNormMode.class)
  void batchNormAlone(BatchNormMode mode) {
    var builder = Network.builder();
    builder.add(new Layer.Input("in", Shape.of(3, 4, 2)));
    builder.add(new Layer.Conv2d("before", 5, 1, 1, Padding.VALID, true));
    builder.add(new Layer.BatchNorm("bn", 1e-3, 0.9));
    builder.add(Layer.Conv2d.pointwise("after", 2));
    check("batch norm, " + mode, builder.build(), mode, BINARY, 3);
  }

  /** Both are calculated on the way forward only. */
  @Test
  void aFrozenSigmoidInsideAndABranchThatNobodyReads() {
    var builder = Network.builder();
    builder.add(new Layer.Input("in", Shape.of(3, 4, 2)));
    builder.add(Layer.Conv2d.pointwise("frozen", 3));
    builder.add(new Layer.Sigmoid("gate"));
    builder.add(Layer.Conv2d.pointwise("stem", 4));
    builder.add(new Layer.DepthwiseConv2d("unread", 3, 1, Padding.KERAS), "stem");
    builder.add(new Layer.Relu6("unread_relu"));
    builder.add(new Layer.GlobalAveragePool("pool"), "stem");
    builder.add(new Layer.Dense("logits", 2));
    builder.add(new Layer.Sigmoid("head"));
    Network network = builder.build();
    var random = new RandomTensors(21);
    var spec = new TrainingSpec(Set.of("stem", "logits"), BatchNormMode.FROZEN, BINARY, Optional.empty());
    GradientReport report = GradientChecker.reference().check(network, spec, random.weights(network),
        random.batch(network, 3, BINARY));
    assertTrue(report.passed(), report::toString);
  }

  @Test
  void sumReadTwiceAndSumWithItself() {
    var builder = Network.builder();
    builder.add(new Layer.Input("in", Shape.of(3, 4, 2)));
    builder.add(Layer.Conv2d.pointwise("stem", 3));
    builder.add(new Layer.DepthwiseConv2d("left", 3, 1, Padding.KERAS), "stem");
    builder.add(new Layer.Add("sum"), "stem", "left");
    builder.add(new Layer.Add("again"), "sum", "stem");
    builder.add(new Layer.Add("twice"), "again", "again");
    builder.add(new Layer.GlobalAveragePool("pool"));
    builder.add(new Layer.Dense("logits", 2));
    check("residuals", builder.build(), BatchNormMode.FROZEN, BINARY, 2);
  }

  @Test
  void onlyTheTrainedPartIsReported() {
    Network network = SmallNetwork.everyLayer();
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, network.index("pool")), BatchNormMode.FROZEN,
        new Loss.CategoricalCrossEntropy(), Optional.empty());
    var random = new RandomTensors(1);
    var report = GradientChecker.reference().check(network, spec, random.weights(network),
        random.batch(network, 2, spec.loss()));
    assertEquals(2, report.lines().size());
    assertTrue(report.passed(), report::toString);
  }

  @Test
  void kinksAreSkippedAndCounted() {
    var builder = Network.builder();
    builder.add(new Layer.Input("in", Shape.of(1, 1, 1)));
    builder.add(new Layer.Conv2d("conv", 3, 1, 1, Padding.VALID, true));
    builder.add(new Layer.Relu6("relu"));
    Network network = builder.build();
    // Pre-activations 0, 6 and 1: the first two stand on the kinks.
    var weights = new Weights(Map.of(
        "conv/kernel", Tensor.of(Shape.of(1, 1, 1, 3), 1.0, 1.0, 1.0),
        "conv/bias", Tensor.of(Shape.of(3), -2.0, 4.0, -1.0)));
    var batch = Batch.of(Tensor.of(Shape.of(1, 1, 1, 1), 2.0),
        Tensor.of(Shape.of(1, 3), 0.0, 1.0, 0.0));
    var spec = new TrainingSpec(Set.of("conv"), BatchNormMode.FROZEN, BINARY, Optional.empty());
    var report = GradientChecker.reference().check(network, spec, weights, batch);
    for (var line : report.lines()) {
      assertEquals(1, line.checked(), line.parameter());
      assertEquals(2, line.skipped(), line.parameter());
    }
    assertTrue(report.passed(), report::toString);
  }

  @ParameterizedTest
  @CsvSource({"first/kernel, 1.001", "first_BN/gamma, 0.999", "depthwise/depthwise_kernel, -1", "logits/bias, 0"})
  void aWrongGradientFails(String parameter, double factor) {
    Network network = SmallNetwork.everyLayer();
    var spec = spec(network, BatchNormMode.TRAINING, new Loss.CategoricalCrossEntropy());
    var random = new RandomTensors(1);
    var weights = random.weights(network);
    var batch = random.batch(network, 2, spec.loss());
    var report = GradientChecker.of(new WrongGradientDevice(parameter, factor)).check(network, spec, weights, batch);
    assertFalse(report.passed(), report::toString);
    for (var line : report.lines()) {
      assertEquals(line.parameter().equals(parameter), line.worst() > report.tolerance(), line.toString());
    }
    assertTrue(report.toString().contains("FAIL"), report::toString);
  }

  /** Labels that are neither 0 nor 1, as label smoothing makes them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void smoothedLabels(int outputs) {
    var builder = Network.builder();
    builder.add(new Layer.Input("in", Shape.of(1, 1, 5)));
    builder.add(new Layer.GlobalAveragePool("pool"));
    builder.add(new Layer.Dense("logits", outputs));
    Network network = builder.build();
    var spec = spec(network, BatchNormMode.FROZEN, outputs == 1 ? BINARY : new Loss.CategoricalCrossEntropy());
    var random = new RandomTensors(3);
    Batch hard = random.batch(network, 3, spec.loss());
    double[] labels = hard.labels().doubles();
    double[] smoothed = new double[labels.length];
    for (int i = 0; i < labels.length; i++) {
      smoothed[i] = 0.8 * labels[i] + 0.2 / Math.max(2, outputs);
    }
    var batch = new Batch(hard.images(), Tensor.of(hard.labels().shape(), smoothed), hard.weights());
    var report = GradientChecker.reference().check(network, spec, random.weights(network), batch);
    assertTrue(report.passed(), report::toString);
    assertEquals(0, report.skipped());
  }

  private static TrainingSpec spec(Network network, BatchNormMode mode, Loss loss) {
    return new TrainingSpec(TrainingSpec.layersFrom(network, 0), mode, loss, Optional.empty());
  }

  private static void check(String name, Network network, BatchNormMode mode, Loss loss, int n) {
    var random = new RandomTensors(7);
    var report = GradientChecker.reference().check(network, spec(network, mode, loss), random.weights(network),
        random.batch(network, n, loss));
    System.out.printf("gradient check, %s: worst %.2e, %d checked, %d skipped%n", name, report.worst(),
        report.checked(),
        report.skipped());
    assertTrue(report.passed(), report::toString);
    assertTrue(report.skipped() < report.checked() / 2, report::toString);
  }
}
