package dev.lentil.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.json.Json;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.DeviceUnderTest;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Single operations against vectors that Keras 3.15.1 calculated in float32 and printed with nine decimals. */
class KerasGoldenVectorsTest {
  /** Float32 on Keras's side, so some units in the last place of the largest value. */
  private static final double LIMIT = 1e-6;

  static List<String> backends() {
    return List.of("reference", DeviceUnderTest.name());
  }

  private static Map<?, ?> vectors(String name) throws IOException {
    byte[] file = Files.readAllBytes(SharedData.require("reference/keras_golden_vectors.json"));
    var all = assertInstanceOf(Map.class, Json.parse(file));
    return assertInstanceOf(Map.class, all.get(name));
  }

  private static Tensor tensor(Map<?, ?> vectors, String name) {
    var extents = new ArrayList<Integer>();
    for (Object at = vectors.get(name); at instanceof List<?> list; at = list.getFirst()) {
      extents.add(list.size());
    }
    var values = new ArrayList<Double>();
    flatten(vectors.get(name), values);
    return Tensor.of(Shape.of(extents.stream().mapToInt(Integer::intValue).toArray()),
        values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static void flatten(Object value, List<Double> into) {
    switch (value) {
      case List<?> list -> list.forEach(element -> flatten(element, into));
      case Number number -> into.add(number.doubleValue());
      default -> throw new AssertionError("neither a number nor a list: " + value);
    }
  }

  private static double number(Map<?, ?> vectors, String name) {
    return assertInstanceOf(Number.class, vectors.get(name)).doubleValue();
  }

  /** The largest absolute error, as a share of the largest expected value or of 1. */
  private static void assertClose(String what, Tensor actual, Tensor expected) {
    double worst = 0;
    double largest = 1;
    for (int i = 0; i < expected.shape().size(); i++) {
      worst = Math.max(worst, Math.abs(actual.get(i) - expected.get(i)));
      largest = Math.max(largest, Math.abs(expected.get(i)));
    }
    assertEquals(expected.shape().size(), actual.shape().size());
    System.out.printf("Keras golden vectors, %s: worst error %.1e%n", what, worst / largest);
    assertTrue(worst / largest <= LIMIT, what + ": " + worst / largest);
  }

  private static Network network(Shape input, Layer... layers) {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", input));
    for (Layer layer : layers) {
      builder.add(layer);
    }
    return builder.build();
  }

  private static Tensor zeros(int... extents) {
    Shape shape = Shape.of(extents);
    return Tensor.of(shape, new float[shape.size()]);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void adam(String backend) throws IOException {
    var vectors = vectors("adam_lr3e-4");
    Network network = network(Shape.of(1, 1, 1), Layer.Conv2d.pointwise("w", 2));
    Shape shape = network.parameter("w/kernel").shape();
    var weights = new Weights(Map.of("w/kernel", Tensor.of(shape, tensor(vectors, "w0").doubles())));
    var spec = new TrainingSpec(Set.of("w"), BatchNormMode.FROZEN, new Loss.BinaryCrossEntropy(),
        Optional.of(Optimizer.Adam.keras()));
    Tensor gradients = tensor(vectors, "grads");
    Tensor expected = tensor(vectors, "w");
    try (Device device = DeviceChoice.of(backend, new DeviceOptions(1)).open();
        ParameterBank bank = device.load(network, weights);
        Executable update = device.compile(Planner.update(network, spec), bank)) {
      for (int step = 1; step <= gradients.shape().extent(0); step++) {
        int at = (step - 1) * 2;
        bank.writeGradient("w/kernel", Tensor.of(shape, gradients.get(at), gradients.get(at + 1)));
        update.run(Batch.of(zeros(1, 1, 1, 1)), new RunState(0, 1, step, 3e-4));
        assertClose(backend + " Adam, step " + step, bank.read("w/kernel"),
            Tensor.of(Shape.of(2), expected.get(at), expected.get(at + 1)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void weightedBinaryCrossEntropy(String backend) throws IOException {
    var vectors = vectors("weighted_bce");
    Tensor logits = tensor(vectors, "logits");
    Tensor labels = tensor(vectors, "y");
    int n = labels.shape().extent(0);
    // A kernel of 1 hands the image on as the logit, and lets the gradient be seen.
    Network network = network(Shape.of(1, 1, 1), new Layer.DepthwiseConv2d("logits", 1, 1, Padding.VALID),
        new Layer.Sigmoid("head"));
    var weights = new Weights(Map.of("logits/depthwise_kernel", Tensor.of(Shape.of(1, 1, 1, 1), 1.0)));
    double[] sampleWeights = new double[n];
    for (int i = 0; i < n; i++) {
      sampleWeights[i] = number(vectors, labels.get(i) == 0 ? "w0" : "w1");
    }
    var batch =
        new Batch(Tensor.of(Shape.of(n, 1, 1, 1), logits.doubles()), labels, Tensor.of(Shape.of(n), sampleWeights));
    var spec =
        new TrainingSpec(Set.of("logits"), BatchNormMode.FROZEN, new Loss.BinaryCrossEntropy(), Optional.empty());
    String gradient = Planner.gradientOf("logits");
    try (Device device = DeviceChoice.of(backend, new DeviceOptions(1)).open();
        ParameterBank bank = device.load(network, weights);
        Executable step =
            device.compile(Planner.training(network, n, spec, device.fusions(), Set.of(gradient)), bank)) {
      step.run(batch, new RunState(0, 1, 1, 0));
      assertClose(backend + " weighted loss", Tensor.of(Shape.of(1), step.loss()),
          Tensor.of(Shape.of(1), number(vectors, "loss")));
      assertClose(backend + " weighted loss, gradient", step.read(gradient), tensor(vectors, "dz"));
    }
  }

  @Test
  void binaryCrossEntropyFromClippedProbabilities() throws IOException {
    var vectors = vectors("bce_prob_clip");
    Tensor p = tensor(vectors, "p");
    for (int label = 0; label <= 1; label++) {
      double[] losses = new double[p.shape().size()];
      for (int i = 0; i < losses.length; i++) {
        losses[i] = Loss.ClippedBinaryCrossEntropy.of((float) p.get(i), label);
      }
      assertClose("clipped loss, label " + label, Tensor.of(p.shape(), losses), tensor(vectors, "loss_y" + label));
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void batchNormalization(String backend) throws IOException {
    var vectors = vectors("bn");
    Tensor x = tensor(vectors, "x");
    int n = x.shape().extent(0);
    int channels = x.shape().extent(-1);
    Network network = network(Shape.of(x.shape().extent(1), x.shape().extent(2), channels),
        new Layer.BatchNorm("bn", 1e-3, 0.999));
    double[] ones = new double[channels];
    Arrays.fill(ones, 1);
    var weights = new Weights(Map.of("bn/gamma", tensor(vectors, "gamma"), "bn/beta", tensor(vectors, "beta"),
        "bn/moving_mean", zeros(channels), "bn/moving_variance", Tensor.of(Shape.of(channels), ones)));
    var spec = new TrainingSpec(Set.of("bn"), BatchNormMode.TRAINING, new Loss.BinaryCrossEntropy(), Optional.empty());
    int outputs = x.shape().size() / n;
    try (Device device = DeviceChoice.of(backend, new DeviceOptions(1)).open();
        ParameterBank bank = device.load(network, weights);
        Executable step = device.compile(Planner.training(network, n, spec, device.fusions(), Set.of()), bank);
        Executable infer = device.compile(Planner.inference(network, n, device.fusions(), Set.of()), bank)) {
      step.run(Batch.of(x, zeros(n, outputs)), new RunState(0, 1, 1, 0));
      assertClose(backend + " batch norm, training", step.read("bn"), tensor(vectors, "y_train"));
      assertClose(backend + " batch norm, moving mean", bank.read("bn/moving_mean"), tensor(vectors, "moving_mean"));
      assertClose(backend + " batch norm, moving variance", bank.read("bn/moving_variance"),
          tensor(vectors, "moving_var"));
      infer.run(Batch.of(x), RunState.inference());
      assertClose(backend + " batch norm, inference after", infer.read("bn"), tensor(vectors, "y_infer_after"));
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void stridedConvolutions(String backend) throws IOException {
    var depthwise = vectors("depthwise_s2");
    Tensor x = tensor(depthwise, "x_nhwc");
    Tensor kernel = tensor(depthwise, "k_hwc1");
    int size = kernel.shape().extent(0);
    Shape input = Shape.of(x.shape().extent(1), x.shape().extent(2), x.shape().extent(3));
    assertClose(backend + " depthwise, stride 2", infer(backend,
        network(input, new Layer.DepthwiseConv2d("op", size, 2, Padding.KERAS)), "op/depthwise_kernel", kernel, x),
        tensor(depthwise, "y"));
    // The file's convolution reads the same images.
    var convolution = vectors("conv_same_s2");
    kernel = tensor(convolution, "k_hwio");
    assertClose(backend + " convolution, stride 2", infer(backend,
        network(input, new Layer.Conv2d("op", kernel.shape().extent(-1), size, 2, Padding.KERAS, false)), "op/kernel",
        kernel,
        x), tensor(convolution, "y"));
  }

  private static Tensor infer(String backend, Network network, String parameter, Tensor kernel, Tensor images) {
    try (Device device = DeviceChoice.of(backend, new DeviceOptions(1)).open();
        ParameterBank bank = device.load(network, new Weights(Map.of(parameter, kernel)));
        Executable executable = device.compile(
            Planner.inference(network, images.shape().extent(0), device.fusions(), Set.of()), bank)) {
      executable.run(Batch.of(images), RunState.inference());
      return executable.read("op");
    }
  }
}
