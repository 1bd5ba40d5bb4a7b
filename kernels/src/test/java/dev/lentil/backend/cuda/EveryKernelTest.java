package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.backend.Batch;
import dev.lentil.backend.BatchImages;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ImageStore;
import dev.lentil.backend.ParameterAverage;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.Precision;
import dev.lentil.backend.RunState;
import dev.lentil.backend.cuda.dnn.CudnnChoice;
import dev.lentil.backend.cuda.emulation.CudnnFor;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.backend.cuda.nvrtc.KernelFiles;
import dev.lentil.image.ImageMap;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Optimizer;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Fusion;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import dev.lentil.testing.RandomTensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That there is no kernel which no test runs: other tests judge results, this one only that each kernel is among what they can reach. */
class EveryKernelTest {
  @RegisterExtension
  static final CudnnFor AS_EACH_PLAN_SAYS = new CudnnFor("none");

  private static final int BATCH = 2;
  private static final int SIDE = 8;
  private static final int CHANNELS = 8;

  /** What a precision has no use for: float32 is stored as it is, and with bfloat16 nothing is left to cuDNN. */
  private static final Map<Precision, Set<String>> UNUSED = Map.of(Precision.FLOAT32, Set.of("cast"),
      Precision.BFLOAT16, Set.of("pad", "crop", "crop_add", "transpose", "moving_average"));

  @ParameterizedTest
  @EnumSource(value = Precision.class, names = {"FLOAT32", "BFLOAT16"})
  void everyKernelRuns(Precision precision) {
    Map<String, Long> before = runs();
    owns(precision);
    if (precision == Precision.FLOAT32) {
      cudnns();
    }
    var idle = new TreeSet<String>();
    runs().forEach((kernel, count) -> {
      if (count.equals(before.get(kernel))) {
        idle.add(kernel);
      }
    });
    assertEquals(new TreeSet<>(UNUSED.get(precision)), idle, "kernels that did not run");
  }

  private static Map<String, Long> runs() {
    return KernelFiles.names().stream().flatMap(file -> KernelFiles.kernels(file).stream())
        .collect(Collectors.toMap(Function.identity(), EmulatedCard::runs));
  }

  private static Device open(Precision precision) {
    return new CudaBackend().open(new DeviceOptions(1).withPrecision(precision));
  }

  /** Everything with Lentil's own kernels. */
  private static void owns(Precision precision) {
    try (Device device = open(precision)) {
      for (Set<Fusion> fusions : List.of(device.fusions(), Set.<Fusion>of())) {
        for (BatchNormMode mode : BatchNormMode.values()) {
          train(device, chain(), fusions, mode, new Loss.CategoricalCrossEntropy(), Optimizer.Adam.keras());
          train(device, branches(), fusions, mode, new Loss.BinaryCrossEntropy(), new Optimizer.Sgd(0.9));
        }
        infer(device, chain(), fusions);
        infer(device, branches(), fusions);
      }
      train(device, branches(), Set.of(), BatchNormMode.FROZEN, new Loss.ClippedBinaryCrossEntropy(),
          new Optimizer.Sgd(0));
      train(device, branches(), Set.of(), BatchNormMode.FROZEN, new Loss.WeightedLogits(), new Optimizer.Sgd(0));
      average(device);
      images(device);
    }
  }

  /** What cuDNN's work needs around it. */
  private static void cudnns() {
    System.setProperty(CudnnChoice.PROPERTY, "all");
    try (Device device = open(Precision.FLOAT32)) {
      train(device, branches(), device.fusions(), BatchNormMode.TRAINING, new Loss.BinaryCrossEntropy(),
          new Optimizer.Sgd(0.9));
    } finally {
      System.setProperty(CudnnChoice.PROPERTY, "none");
    }
  }

  private static void train(Device device, Network network, Set<Fusion> fusions, BatchNormMode mode, Loss loss,
      Optimizer optimizer) {
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, 0), mode, loss, Optional.of(optimizer));
    run(device, Planner.training(network, BATCH, spec, fusions, Set.of()),
        new RandomTensors(1).batch(network, BATCH, loss), new RunState(1, 1, 1, 1e-3));
  }

  private static void infer(Device device, Network network, Set<Fusion> fusions) {
    var images = new RandomTensors(2).normal(network.shape("input").batched(BATCH), 0, 1);
    run(device, Planner.inference(network, BATCH, fusions, Set.of()), Batch.of(images), RunState.inference());
  }

  private static void run(Device device, Plan plan, Batch batch, RunState state) {
    try (ParameterBank bank = device.load(plan.network(), new RandomTensors(3).weights(plan.network()));
        Executable executable = device.compile(plan, bank)) {
      executable.run(batch, state);
    }
  }

  private static void average(Device device) {
    Network network = chain();
    Weights weights = new RandomTensors(3).weights(network);
    try (ParameterBank bank = device.load(network, weights); ParameterAverage average = bank.average(weights)) {
      average.add(0.5);
    }
  }

  private static void images(Device device) {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(SIDE, SIDE, 3)));
    builder.add(new Layer.GlobalAveragePool("pool"));
    Plan plan = Planner.inference(builder.build(), BATCH, Set.of(), Set.of());
    try (ImageStore store = device.store(new RandomImages(BATCH, SIDE, SIDE, 1), List.of()).orElseThrow()) {
      var chosen = List.of(new BatchImages.Stored.Image(0, ImageMap.AS_IS),
          new BatchImages.Stored.Image(1, ImageMap.AS_IS));
      run(device, plan, RandomImages.named(store, chosen), RunState.inference());
    }
  }

  private static Network.Builder input() {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(SIDE, SIDE, CHANNELS)));
    // a gradient flows as far as here
    builder.add(new Layer.DepthwiseConv2d("first", 1, 1, Padding.VALID));
    return builder;
  }

  /** What can be fused: convolutions with and without bias, normalisation and ReLU6, and each in front of a depthwise one. */
  private static Network chain() {
    var builder = input();
    norm(builder, "first_norm");
    builder.add(new Layer.Relu6("first_relu"));
    builder.add(new Layer.DepthwiseConv2d("large", 5, 1, Padding.KERAS));
    builder.add(new Layer.Conv2d("window", CHANNELS, 3, 1, Padding.KERAS, false));
    builder.add(new Layer.Conv2d("biased", CHANNELS, 1, 1, Padding.KERAS, true));
    norm(builder, "biased_norm");
    builder.add(new Layer.Relu6("biased_relu"));
    builder.add(new Layer.DepthwiseConv2d("between", 3, 1, Padding.KERAS));
    norm(builder, "between_norm");
    builder.add(new Layer.Relu6("between_relu"));
    builder.add(Layer.Conv2d.pointwise("wide", CHANNELS));
    norm(builder, "wide_norm");
    builder.add(new Layer.Relu6("wide_relu"));
    builder.add(new Layer.DepthwiseConv2d("before", 3, 2, Padding.KERAS));
    builder.add(new Layer.Conv2d("bias", CHANNELS, 1, 1, Padding.KERAS, true));
    builder.add(new Layer.DepthwiseConv2d("after", 3, 1, Padding.KERAS));
    norm(builder, "after_norm");
    builder.add(Layer.Conv2d.pointwise("bare", CHANNELS));
    builder.add(new Layer.Relu6("bare_relu"));
    builder.add(new Layer.GlobalAveragePool("pool"));
    builder.add(new Layer.Dense("logits", 3));
    builder.add(new Layer.Softmax("head"));
    return builder.build();
  }

  /** Each operation beside another that reads its input, so that its gradient is added to that one's. */
  private static Network branches() {
    var builder = input();
    String x = "first";
    x = beside(builder, x, new Layer.Conv2d("conv", CHANNELS, 3, 1, Padding.KERAS, false));
    x = beside(builder, x, new Layer.DepthwiseConv2d("tiled", 3, 1, Padding.KERAS));
    x = beside(builder, x, new Layer.DepthwiseConv2d("wide", 5, 1, Padding.KERAS));
    x = beside(builder, x, new Layer.BatchNorm("norm", 1e-3, 0.9));
    x = beside(builder, x, new Layer.Relu6("relu"));
    x = beside(builder, x, new Layer.Dropout("dropout", 0.3));
    String once = residual(builder, x, "once");
    String twice = residual(builder, once, "twice");
    x = builder.add(new Layer.Add("late"), twice, once);
    builder.add(new Layer.Conv2d("strided", CHANNELS, 3, 2, Padding.KERAS, false), x);
    builder.add(new Layer.Conv2d("strided_too", CHANNELS, 3, 2, Padding.KERAS, false), x);
    x = builder.add(new Layer.Add("strided_sum"), "strided", "strided_too");
    builder.add(new Layer.GlobalAveragePool("pool"), x);
    builder.add(new Layer.Relu6("other"), x);
    builder.add(new Layer.GlobalAveragePool("other_pool"));
    builder.add(new Layer.Add("pools"), "pool", "other_pool");
    builder.add(new Layer.Dense("logits", 1));
    builder.add(new Layer.Sigmoid("head"));
    return builder.build();
  }

  private static String beside(Network.Builder builder, String x, Layer layer) {
    builder.add(layer, x);
    return builder.add(new Layer.Add(layer.name() + "_sum"), x, layer.name());
  }

  /** A convolution and its normalisation, added to what they read. */
  private static String residual(Network.Builder builder, String x, String name) {
    builder.add(Layer.Conv2d.pointwise(name, CHANNELS), x);
    norm(builder, name + "_norm");
    return builder.add(new Layer.Add(name + "_sum"), name + "_norm", x);
  }

  private static void norm(Network.Builder builder, String name) {
    builder.add(new Layer.BatchNorm(name, 1e-3, 0.9));
  }
}
