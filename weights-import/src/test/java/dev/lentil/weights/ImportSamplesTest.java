package dev.lentil.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.RunState;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.nn.Padding;
import dev.lentil.plan.Planner;
import dev.lentil.safetensors.SafetensorsFile;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.SharedData;
import dev.lentil.weights.scheme.Layout;
import dev.lentil.weights.scheme.NamingScheme;
import dev.lentil.weights.scheme.SourceTensor;
import dev.lentil.weights.store.FileFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One network in other programs' files: what it gives, as PyTorch calculated it (reference), and as it comes out here.
 * PyTorch's files say nothing of padding and epsilon, and those of this network are Keras's; ONNX's graph shows both.
 */
class ImportSamplesTest {
  private static final String FOLDER = "import-samples/";
  /** The features reach 5, and are sums of products that float32 rounds some hundred times. */
  private static final double FEATURES = 1e-4;
  private static final double LOGITS = 1e-5;
  private static final String POOLED = "global_average_pooling2d";
  private static final ImportOptions KERAS_CONVENTIONS =
      new ImportOptions(Optional.empty(), Map.of("padding", "keras", "bn_epsilon", "0.001"));

  /** Pooled features and logits. */
  private record Outputs(Tensor features, Optional<Tensor> logits) {}

  private static Outputs run(Model model, Tensor input) {
    Model sized = model.withResolution(input.shape().extent(1), input.shape().extent(2));
    boolean headless = sized.architecture().head() instanceof Head.Features;
    String features = headless ? "out_relu" : POOLED;
    var network = sized.architecture().network();
    Set<String> taps = headless ? Set.of(features) : Set.of(features, Planner.logits(network));
    try (var device = Backends.named("cpu").open(DeviceOptions.defaults());
        var bank = device.load(network, sized.weights());
        var run = device.compile(Planner.inference(network, input.shape().extent(0), device.fusions(), taps), bank)) {
      run.run(Batch.of(input), RunState.inference());
      return headless
          ? new Outputs(pooled(run.read(features)), Optional.empty())
          : new Outputs(run.read(features), Optional.of(run.read(Planner.logits(network))));
    }
  }

  /** {@code [n,h,w,c]} to {@code [n,c]}. */
  private static Tensor pooled(Tensor features) {
    int n = features.shape().extent(0);
    int c = features.shape().extent(-1);
    int pixels = features.shape().extent(1) * features.shape().extent(2);
    var sums = new double[n * c];
    for (int i = 0; i < features.shape().size(); i++) {
      sums[i / (pixels * c) * c + i % c] += features.get(i) / pixels;
    }
    return Tensor.of(Shape.of(n, c), sums);
  }

  private static double worst(Tensor actual, Tensor expected) {
    assertEquals(expected.shape(), actual.shape());
    double worst = 0;
    for (int i = 0; i < expected.shape().size(); i++) {
      worst = Math.max(worst, Math.abs(actual.get(i) - expected.get(i)));
    }
    return worst;
  }

  private static void check(String name, Model model) {
    check(name, model, FEATURES, LOGITS);
  }

  private static void check(String name, Model model, double featuresWithin, double logitsWithin) {
    try (var expected = SafetensorsFile.open(SharedData.require(FOLDER + "expected_torch.safetensors"))) {
      Tensor nchw = expected.tensor("input_nchw");
      // [n,c,h,w] to [n,h,w,c]: what takes a kernel OIHW to HWIO, and the first axis back to the front
      int[] e = nchw.shape().toArray();
      var nhwc = new float[nchw.shape().size()];
      for (int i = 0; i < nhwc.length; i++) {
        int channel = i % e[1];
        int pixel = i / e[1] % (e[2] * e[3]);
        nhwc[i] = nchw.floats()[(i / (e[1] * e[2] * e[3]) * e[1] + channel) * e[2] * e[3] + pixel];
      }
      Outputs outputs = run(model, Tensor.of(Shape.of(e[0], e[2], e[3], e[1]), nhwc));
      double features = worst(outputs.features(), expected.tensor("gap"));
      double logits = outputs.logits().map(actual -> worst(actual, expected.tensor("logits"))).orElse(0.0);
      System.out.printf(Locale.ROOT,
          "%s: worst difference from PyTorch, features %.2e, logits %.2e; held to %.1e, %.1e%n",
          name, features, logits, featuresWithin, logitsWithin);
      assertTrue(features <= featuresWithin && logits <= logitsWithin, name + ": " + features + ", " + logits);
    }
  }

  @ParameterizedTest
  @CsvSource({"mobilenet_v2_0.35_torchvision_names.pth,PYTORCH", "mobilenet_v2_0.35_legacy_format.pth,PYTORCH_LEGACY",
      "mobilenet_v2_0.35_training_checkpoint.pth.tar,PYTORCH",
      "mobilenet_v2_0.35_torchvision_names.safetensors,SAFETENSORS"})
  void pytorch(String name, FileFormat format) {
    WeightFile file = WeightFile.open(SharedData.require(FOLDER + name), KERAS_CONVENTIONS);
    assertEquals(format, file.format());
    assertEquals(NamingScheme.TORCHVISION, file.scheme());
    assertEquals(0.35, file.model().architecture().alpha());
    assertEquals(new Head.Classifier(10), file.model().architecture().head());
    assertEquals(314, file.sources().size());
    assertEquals(52, file.sources().stream().filter(s -> s.fate() instanceof SourceTensor.Ignored).count(),
        "the counters of batches alone are ignored");
    check(name, file.model());
  }

  /** The weights are rounded to 11 and 8 bits; what that does to the outputs was measured and has a margin of two. */
  @ParameterizedTest
  @CsvSource({"mobilenet_v2_0.35_float16.pth,0.13,0.025", "mobilenet_v2_0.35_bfloat16.safetensors,0.9,0.12"})
  void roundedWeights(String name, double features, double logits) {
    check(name, WeightFile.open(SharedData.require(FOLDER + name), KERAS_CONVENTIONS).model(), features, logits);
  }

  @Test
  void roundedWeightsAreTheRoundedWeights() {
    Map<String, Tensor> exact = WeightFile.open(
        SharedData.require(FOLDER + "mobilenet_v2_0.35_torchvision_names.pth")).model().weights().tensors();
    Map<String, Tensor> half =
        WeightFile.open(SharedData.require(FOLDER + "mobilenet_v2_0.35_float16.pth")).model().weights().tensors();
    Map<String, Tensor> brain = WeightFile.open(
        SharedData.require(FOLDER + "mobilenet_v2_0.35_bfloat16.safetensors")).model().weights().tensors();
    exact.forEach((name, tensor) -> {
      for (int i = 0; i < tensor.shape().size(); i++) {
        float value = tensor.floats()[i];
        assertEquals(Float.float16ToFloat(Float.floatToFloat16(value)), half.get(name).floats()[i], name);
        assertEquals(value, brain.get(name).floats()[i], Math.abs(value) / 256, name);
      }
    });
  }

  @Test
  void onnxShowsPaddingAndEpsilon() {
    WeightFile file = WeightFile.open(SharedData.require(FOLDER + "mobilenet_v2_0.35.onnx"));
    assertEquals(FileFormat.ONNX, file.format());
    assertEquals(NamingScheme.ONNX_GRAPH, file.scheme());
    assertEquals(Padding.KERAS, file.model().architecture().padding());
    assertEquals(0.001, file.model().architecture().bnEpsilon());
    assertEquals(96, file.model().architecture().height());
    check("mobilenet_v2_0.35.onnx", file.model());
    Map<String, Tensor> torch = WeightFile.open(
        SharedData.require(FOLDER + "mobilenet_v2_0.35_torchvision_names.pth")).model().weights().tensors();
    torch.forEach((name, tensor) -> assertArrayEquals(tensor.floats(),
        file.model().weights().get(name).floats(), name));
  }

  @ParameterizedTest
  @CsvSource({"mobilenet_v2_0.35_96_no_top.h5,KERAS_LEGACY_H5",
      "mobilenet_v2_0.35_96_no_top.weights.h5,KERAS_WEIGHTS_H5", "mobilenet_v2_0.35_96_no_top.keras,KERAS_ARCHIVE"})
  void keras(String name, FileFormat format) {
    WeightFile file = WeightFile.open(SharedData.require(FOLDER + name));
    assertEquals(format, file.format());
    assertEquals(NamingScheme.KERAS, file.scheme());
    boolean configured = format != FileFormat.KERAS_WEIGHTS_H5;
    assertEquals(configured ? Set.of("input_scaling") : Set.of("padding", "bn_epsilon", "input_scaling"),
        file.assumed());
    check(name, file.model());
    Model same =
        WeightFile.open(SharedData.require("weights/mobilenet_v2_0.35_imagenet_no_top.safetensors")).model();
    assertEquals(List.copyOf(same.weights().tensors().keySet()),
        List.copyOf(file.model().weights().tensors().keySet()));
    same.weights().tensors().forEach((parameter, tensor) -> assertArrayEquals(tensor.floats(),
        file.model().weights().get(parameter).floats(), parameter));
  }

  /** Nested models, names with ":0", another head of two dense layers: the base is read, the head is not. */
  @Test
  void aTeachableMachineFileGivesItsBase() {
    WeightFile file = WeightFile.open(SharedData.require(FOLDER + "teachable_machine_keras_2.4.h5"));
    assertEquals(new Head.Features(), file.model().architecture().head());
    assertEquals(0.35, file.model().architecture().alpha());
    assertEquals(224, file.model().architecture().height());
    var ignored = file.sources().stream().filter(source -> source.fate() instanceof SourceTensor.Ignored).toList();
    ignored.forEach(System.out::println);
    assertEquals(List.of("dense_Dense1/kernel:0", "dense_Dense1/bias:0", "dense_Dense2/kernel:0"),
        ignored.stream().map(SourceTensor::name).toList());
    assertEquals(new SourceTensor.Mapped("Conv1/kernel", Layout.SAME), file.sources().getFirst().fate());
    check("teachable_machine_keras_2.4.h5", file.model());
  }
}
