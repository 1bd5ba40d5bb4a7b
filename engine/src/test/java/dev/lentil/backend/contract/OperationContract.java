package dev.lentil.backend.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Batch;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every single operation of a backend, forward and backward, against the reference: output, gradient of the input,
 * gradients of the parameters, moving statistics. Extend it with the backend's name.
 */
public abstract class OperationContract {
  /** The relative error (L2) that float32 is held to. */
  protected static final double LIMIT = 1e-5;

  private static final String BEFORE = "before";

  /** The backend under test. */
  protected abstract String backend();

  /** The relative error that the mean of some thousand equal pixels is held to. */
  protected double poolingLimit() {
    return LIMIT;
  }

  @Test
  void convolution() {
    compare("Conv2d", Geometry.windows(1), BatchNormMode.FROZEN, (g, b) -> b.add(
        new Layer.Conv2d("op", g.filters(), g.kernel(), g.stride(), g.padding(), g.batch() != 2)));
  }

  @Test
  void convolutionOfUnusualWindows() {
    compare("Conv2d, unusual windows", Geometry.unusualWindows(12), BatchNormMode.FROZEN,
        (g, b) -> b.add(new Layer.Conv2d("op", g.filters(), g.kernel(), g.stride(), g.padding(), true)));
  }

  @Test
  void depthwiseConvolutionOfUnusualWindows() {
    compare("DepthwiseConv2d, unusual windows", Geometry.unusualWindows(13), BatchNormMode.FROZEN,
        (g, b) -> b.add(new Layer.DepthwiseConv2d("op", g.kernel(), g.stride(), g.padding())));
  }

  @Test
  void pointwiseConvolution() {
    compare("Conv2d 1x1", Geometry.channels(2), BatchNormMode.FROZEN,
        (g, b) -> b.add(Layer.Conv2d.pointwise("op", g.filters())));
  }

  @Test
  void depthwiseConvolution() {
    compare("DepthwiseConv2d", Geometry.windows(3), BatchNormMode.FROZEN,
        (g, b) -> b.add(new Layer.DepthwiseConv2d("op", g.kernel(), g.stride(), g.padding())));
  }

  @Test
  void depthwiseConvolutionOfEveryChannelCount() {
    compare("DepthwiseConv2d 3x3", Geometry.channels(4), BatchNormMode.FROZEN,
        (g, b) -> b.add(new Layer.DepthwiseConv2d("op", 3, 1 + g.batch() % 2, Padding.KERAS)));
  }

  @ParameterizedTest
  @EnumSource(BatchNormMode.class)
  void batchNormalization(BatchNormMode mode) {
    compare("BatchNorm " + mode, Geometry.channels(5), mode, (_, b) -> b.add(new Layer.BatchNorm("op", 1e-3, 0.9)));
  }

  @Test
  void addition() {
    compare("Add", Geometry.channels(6), BatchNormMode.FROZEN, (_, b) -> {
      b.add(new Layer.DepthwiseConv2d("other", 1, 1, Padding.VALID), BEFORE);
      b.add(new Layer.Add("op"), BEFORE, "other");
    });
  }

  @Test
  void additionOfAValueToItself() {
    compare("Add to itself", Geometry.channels(6), BatchNormMode.FROZEN,
        (_, b) -> b.add(new Layer.Add("op"), BEFORE, BEFORE));
  }

  @Test
  void averagePooling() {
    compare("GlobalAveragePool", Geometry.channels(7), BatchNormMode.FROZEN,
        (_, b) -> b.add(new Layer.GlobalAveragePool("op")));
  }

  /** Of many equal values every addition to a growing float32 sum may round the same way: here by 4e-5 together. */
  @Test
  void averagePoolingOfManyEqualPixels() {
    Shape image = Shape.of(63, 65, 3);
    var builder = Network.builder();
    builder.add(new Layer.Input("input", image));
    builder.add(new Layer.GlobalAveragePool("op"));
    Network network = builder.build();
    float[] values = new float[2 * image.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.1f * (1 + i % 3);
    }
    try (Pair pair = Pair.of(backend())) {
      Tensor means =
          Pair.infer(pair.tested(), network, new Weights(Map.of()), Tensor.of(image.batched(2), values), "op");
      for (int i = 0; i < means.shape().size(); i++) {
        assertEquals(values[i], means.get(i), poolingLimit() * values[i], "channel " + i % 3 + " of sample " + i / 3);
      }
    }
  }

  @Test
  void dropout() {
    compare("Dropout", Geometry.channels(8), BatchNormMode.FROZEN, (_, b) -> b.add(new Layer.Dropout("op", 0.3)));
  }

  /** Values, and gradients because of labels, that are no numbers: they are handed on where the element is kept, and nowhere else. */
  @Test
  void dropoutOfWhatIsNoNumber() {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(4, 5, 8)));
    builder.add(new Layer.DepthwiseConv2d(BEFORE, 1, 1, Padding.VALID));
    builder.add(new Layer.Dropout("op", 0.5));
    Network network = builder.build();
    int size = 2 * network.shape("op").size();
    float[] kinds = {1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -2};
    float[] images = new float[size];
    float[] labels = new float[size];
    for (int i = 0; i < size; i++) {
      images[i] = kinds[i % kinds.length];
      labels[i] = i % 3 == 0 ? Float.NaN : 1;
    }
    float[] ones = new float[8];
    Arrays.fill(ones, 1);
    var weights = new Weights(Map.of(BEFORE + "/depthwise_kernel", Tensor.of(Shape.of(1, 1, 8, 1), ones)));
    var batch = Batch.of(Tensor.of(Shape.of(2, 4, 5, 8), images), Tensor.of(Shape.of(2, size / 2), labels));
    var spec = new TrainingSpec(Set.of(BEFORE), BatchNormMode.FROZEN, new Loss.BinaryCrossEntropy(), Optional.empty());
    var taps = Set.of("op", Planner.gradientOf(BEFORE));
    try (Pair pair = Pair.of(backend())) {
      var actual = Pair.train(pair.tested(), network, spec, weights, batch, taps);
      var expected = Pair.train(pair.reference(), network, spec, weights, batch, taps);
      for (String tap : taps) {
        double[] right = expected.tensors().get(tap).doubles();
        double[] result = actual.tensors().get(tap).doubles();
        assertTrue(Arrays.stream(right).anyMatch(value -> value == 0) && Arrays.stream(right).anyMatch(Double::isNaN));
        for (int i = 0; i < size; i++) {
          assertEquals(right[i], result[i], Double.isFinite(right[i]) ? 1e-2 * Math.abs(right[i]) : 0,
              tap + " of element " + i);
        }
      }
    }
  }

  @Test
  void dense() {
    compare("Dense", Geometry.channels(9), BatchNormMode.FROZEN, (g, b) -> {
      b.add(new Layer.GlobalAveragePool("pool"));
      b.add(new Layer.Dense("op", g.filters()));
    });
  }

  @Test
  void rectification() {
    var worst = new WorstErrors();
    try (Pair pair = Pair.of(backend())) {
      for (Geometry g : Geometry.channels(10)) {
        Network network = network(g, (_, b) -> b.add(new Layer.Relu6("op")));
        var random = new RandomTensors(g.toString().hashCode());
        Shape shape = network.shape("input").batched(g.batch());
        // A first layer of ones hands the images on as they are.
        float[] ones = new float[g.channels()];
        Arrays.fill(ones, 1);
        var weights =
            new Weights(Map.of(BEFORE + "/depthwise_kernel", Tensor.of(Shape.of(1, 1, g.channels(), 1), ones)));
        Batch drawn = random.batch(network, g.batch(), new Loss.BinaryCrossEntropy());
        compare(worst, pair, g, network, BatchNormMode.FROZEN, weights,
            new Batch(random.awayFromKinks(shape), drawn.labels(), drawn.weights()));
      }
    }
    worst.judge(backend() + " Relu6", LIMIT);
  }

  @Test
  void headsInInference() {
    compareHeads("heads", (g, b) -> {
      b.add(new Layer.GlobalAveragePool("pool"));
      b.add(new Layer.Dense("dense", g.filters()));
    });
  }

  /** A softmax is one of each pixel's channels. */
  @Test
  void headsOfMapsInInference() {
    compareHeads("heads of maps", (g, b) -> b.add(Layer.Conv2d.pointwise("conv", g.filters())));
  }

  /** @param before adds what a head reads */
  private void compareHeads(String name, BiConsumer<Geometry, Network.Builder> before) {
    var worst = new WorstErrors();
    try (Pair pair = Pair.of(backend())) {
      for (Function<String, Layer> head : List.<Function<String, Layer>>of(Layer.Sigmoid::new, Layer.Softmax::new)) {
        for (Geometry g : Geometry.channels(11)) {
          var builder = Network.builder();
          builder.add(new Layer.Input("input", Shape.of(g.height(), g.width(), g.channels())));
          before.accept(g, builder);
          Layer layer = head.apply("op");
          builder.add(layer);
          Network network = builder.build();
          var random = new RandomTensors(g.toString().hashCode());
          Weights weights = random.weights(network);
          Tensor images = random.normal(network.shape("input").batched(g.batch()), 0, 3);
          worst.add(layer.getClass().getSimpleName(), g.toString(),
              Pair.infer(pair.tested(), network, weights, images, "op"),
              Pair.infer(pair.reference(), network, weights, images, "op"));
        }
      }
    }
    worst.judge(backend() + " " + name, LIMIT);
  }

  /** Adds the operation, named "op", behind a layer named "before". */
  private interface Operation {
    void addTo(Geometry geometry, Network.Builder builder);
  }

  private void compare(String name, List<Geometry> geometries, BatchNormMode mode, Operation operation) {
    var worst = new WorstErrors();
    try (Pair pair = Pair.of(backend())) {
      for (Geometry g : geometries) {
        Network network = network(g, operation);
        var random = new RandomTensors(g.toString().hashCode());
        compare(worst, pair, g, network, mode, random.weights(network),
            random.batch(network, g.batch(), new Loss.BinaryCrossEntropy()));
      }
    }
    worst.judge(backend() + " " + name, LIMIT);
  }

  /** Input, one weight per channel so that a gradient flows to the operation's input, the operation. */
  private static Network network(Geometry g, Operation operation) {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(g.height(), g.width(), g.channels())));
    builder.add(new Layer.DepthwiseConv2d(BEFORE, 1, 1, Padding.VALID));
    operation.addTo(g, builder);
    return builder.build();
  }

  private static void compare(WorstErrors worst, Pair pair, Geometry g, Network network, BatchNormMode mode,
      Weights weights, Batch batch) {
    var spec =
        new TrainingSpec(TrainingSpec.layersFrom(network, 0), mode, new Loss.BinaryCrossEntropy(), Optional.empty());
    String inputGradient = Planner.gradientOf(BEFORE);
    var taps = Set.of("op", inputGradient);
    var actual = Pair.train(pair.tested(), network, spec, weights, batch, taps);
    var expected = Pair.train(pair.reference(), network, spec, weights, batch, taps);
    worst.add("loss", g.toString(), Math.abs(actual.loss() / expected.loss() - 1));
    expected.tensors().forEach((name, tensor) -> {
      // The layer before is not what is judged: behind a batch normalisation its gradient is zero in exact arithmetic.
      if (!name.contains(BEFORE) || name.equals(inputGradient)) {
        worst.add(name, g.toString(), actual.tensors().get(name), tensor);
      }
    });
  }
}
