package dev.lentil.weights.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.RunState;
import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelMetadata;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import dev.lentil.testing.SharedData;
import dev.lentil.testing.files.Disk;
import dev.lentil.weights.WeightFile;
import dev.lentil.weights.onnx.OnnxOptions.Normalization;
import dev.lentil.weights.onnx.OnnxOptions.Output;
import dev.lentil.weights.store.WeightFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What is written is run by ONNX Runtime and compared with the same network on the cpu backend. */
class OnnxWriterTest {
  private static final double ABSOLUTE = 1e-5;
  /** Of the largest value: rounding of float32 through all layers leaves single features that far off in any program. */
  private static final double RELATIVE = 1e-4;

  @TempDir
  private Path folder;

  private static MobileNetV2 small(Padding padding, Head head) {
    return new MobileNetV2(0.35, 64, 96, padding, 1e-3, 0.9, head);
  }

  private static Model random(MobileNetV2 architecture, long seed) {
    return new Model(architecture, InputScaling.MINUS_ONE_TO_ONE,
        new RandomTensors(seed).weights(architecture.network()), Map.of());
  }

  @TestFactory
  Stream<DynamicTest> probabilitiesAreThoseOfLentil() {
    return Stream.of(
        small(Padding.KERAS, new Head.Classifier(10)),
        small(Padding.SYMMETRIC, new Head.Classifier(10)),
        small(Padding.KERAS, Head.binary()),
        small(Padding.SYMMETRIC, Head.categories(7)),
        MobileNetV2.keras(0.35, 75, 53, Head.categories(3)),
        MobileNetV2.keras(0.5, 33, 64, Head.binary()),
        MobileNetV2.keras(1.0, 96, 96, new Head.Classifier(1000)),
        MobileNetV2.keras(1.4, 40, 32, new Head.Classifier(20)))
        .map(architecture -> DynamicTest.dynamicTest(architecture.toString(),
            () -> compare(architecture.toString(), random(architecture, 3), OnnxOptions.defaults(), ABSOLUTE)));
  }

  @Test
  void theRealWeightsGiveTheSameProbabilities() throws Exception {
    Model model = WeightFile.open(SharedData.require("weights/mobilenet_v2_1.0_224_imagenet.safetensors")).model();
    compare("ImageNet weights", model, OnnxOptions.defaults(), ABSOLUTE);
  }

  @Test
  void normalisationsMayStayOperationsOfTheirOwn() throws Exception {
    Model model = random(small(Padding.KERAS, Head.categories(5)), 4);
    var kept = new OnnxOptions(Normalization.KEPT, Output.PROBABILITIES);
    compare("normalisations kept", model, kept, ABSOLUTE);
    Path one = folder.resolve("kept.onnx");
    Path other = folder.resolve("folded.onnx");
    OnnxWriter.write(one, model, kept);
    OnnxWriter.write(other, model, OnnxOptions.defaults());
    assertTrue(new String(Files.readAllBytes(one), StandardCharsets.ISO_8859_1)
        .contains("BatchNormalization"));
    assertTrue(Files.size(one) > Files.size(other), "with normalisations it is larger");
  }

  @Test
  void logitsAndFeaturesAgreeToo() throws Exception {
    compare("logits", random(small(Padding.KERAS, Head.binary()), 5),
        new OnnxOptions(Normalization.FOLDED, Output.LOGITS), Double.NaN);
    compare("features", random(small(Padding.SYMMETRIC, new Head.Features()), 6), OnnxOptions.defaults(), Double.NaN);
  }

  /** Layers that no MobileNetV2 has in this order: a bias, a normalisation by itself, a sum of two inner layers. */
  @Test
  void anyNetworkCanBeWritten() throws Exception {
    var builder = Network.builder();
    String input = builder.add(new Layer.Input("image", Shape.of(9, 7, 5)));
    String norm = builder.add(new Layer.BatchNorm("norm", 1e-3, 0.9), input);
    String left = builder.add(new Layer.Conv2d("left", 6, 3, 2, Padding.VALID, true), norm);
    String right = builder.add(new Layer.Conv2d("right", 6, 3, 2, Padding.VALID, false), norm);
    String wide = builder.add(new Layer.DepthwiseConv2d("wide", 5, 1, Padding.KERAS), right);
    builder.add(new Layer.Add("sum"), left, wide);
    builder.add(new Layer.GlobalAveragePool("pool"));
    builder.add(new Layer.Dense("dense", 4));
    builder.add(new Layer.Dropout("dropout", 0.5));
    Network network = builder.build();
    Weights weights = new RandomTensors(7).weights(network);
    Path file = folder.resolve("any.onnx");
    OnnxWriter.write(file, network, weights, OnnxOptions.defaults(), Map.of());
    compare("any network", file, network, weights, "dropout", Double.NaN);
  }

  @Test
  void theFileSaysWhatItIs() throws Exception {
    Model model = random(small(Padding.KERAS, Head.binary()), 8);
    Path file = folder.resolve("new folder/model.onnx");
    OnnxWriter.write(file, model, OnnxOptions.defaults());
    try (var onnx = new OnnxRuntime(file)) {
      assertArrayEquals(new long[] {-1, 3, 64, 96}, onnx.inputShape());
      assertEquals("sigmoid", onnx.outputName());
      assertEquals(ModelMetadata.of(model), onnx.metadata());
    }
    byte[] first = Files.readAllBytes(file);
    OnnxWriter.write(file, model, OnnxOptions.defaults());
    assertArrayEquals(first, Files.readAllBytes(file), "the same content gives the same bytes");
    try (var files = Files.list(file.getParent())) {
      assertEquals(1, files.count(), "nothing is left beside it");
    }
  }

  /** With the normalisations kept nothing is rounded on the way, so the same bits come back. */
  @Test
  void whatIsWrittenIsReadAgain() {
    Model model = random(small(Padding.KERAS, Head.categories(5)), 10);
    Path file = folder.resolve("kept.onnx");
    OnnxWriter.write(file, model, new OnnxOptions(Normalization.KEPT, Output.PROBABILITIES));
    Weights read = WeightFile.open(file).model().weights();
    model.weights().tensors().forEach((name, tensor) -> assertArrayEquals(tensor.floats(), read.get(name).floats(),
        name));
  }

  /** At these resolutions both paddings are the same for all convolutions, or differ along one axis alone. */
  @Test
  void thePaddingComesBackAtOddResolutions() {
    for (int[] resolution : new int[][] {{97, 65}, {33, 33}, {96, 65}, {75, 64}, {75, 53}}) {
      for (Padding padding : List.of(Padding.KERAS, Padding.SYMMETRIC)) {
        Model model = random(
            new MobileNetV2(0.1, resolution[0], resolution[1], padding, 1e-3, 0.9, Head.categories(5)), 11);
        Path file = folder.resolve("odd.onnx");
        OnnxWriter.write(file, model, new OnnxOptions(Normalization.KEPT, Output.PROBABILITIES));
        WeightFile read = WeightFile.open(file);
        assertEquals(model.architecture(), read.model().architecture());
        assertEquals(Set.of(), read.assumed());
      }
    }
  }

  /** Without the words beside it the graph leaves open which it is. */
  @Test
  void aPaddingThatCannotBeToldIsAssumed() {
    Path file = folder.resolve("odd.onnx");
    for (int extent : new int[] {65, 75}) {
      Model model = random(new MobileNetV2(0.1, extent, extent, Padding.SYMMETRIC, 1e-3, 0.9, Head.categories(5)), 11);
      OnnxWriter.write(file, model.architecture().network(), model.weights(),
          new OnnxOptions(Normalization.KEPT, Output.PROBABILITIES), Map.of());
      WeightFile read = WeightFile.open(file);
      assertEquals(extent == 65 ? Set.of("input_scaling", "padding") : Set.of("input_scaling"), read.assumed());
      assertEquals(extent == 65 ? Padding.KERAS : Padding.SYMMETRIC, read.model().architecture().padding());
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsOneClearError() throws Exception {
    Model model = random(small(Padding.KERAS, Head.binary()), 9);
    Path inTheWay = Files.writeString(folder.resolve("file"), "");
    Path file = inTheWay.resolve("model.onnx");
    var error =
        assertThrows(WeightFileException.class, () -> OnnxWriter.write(file, model, OnnxOptions.defaults()));
    assertTrue(error.getMessage().startsWith(file + ": cannot be written ("), error.getMessage());

    Disk disk = new Disk(Files.createDirectory(folder.resolve("disk")));
    disk.leave(1000);
    Path full = disk.path("model.onnx");
    error = assertThrows(WeightFileException.class, () -> OnnxWriter.write(full, model, OnnxOptions.defaults()));
    assertTrue(
        error.getMessage().matches(".*: cannot be written .*; it needs [0-9,]+ bytes and .* are free there; make room"),
        error.getMessage());
    assertFalse(Files.exists(full));
  }

  private void compare(String what, Model model, OnnxOptions options, double absolute) throws Exception {
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(file, model, options);
    Network network = model.architecture().network();
    String output = options.output() == Output.LOGITS ? Planner.logits(network) : network.outputNode().name();
    compare(what, file, network, model.weights(), output, absolute);
  }

  /** @param absolute the largest difference of a probability; NaN for values that have a scale of their own */
  private static void compare(String what, Path file, Network network, Weights weights, String output,
      double absolute) throws Exception {
    double worst = 0;
    double largest = 0;
    double spread = 0;
    try (var onnx = new OnnxRuntime(file)) {
      for (int n : new int[] {1, 3}) {
        Tensor images =
            new RandomTensors(n).uniform(network.shape(network.inputNode().name()).batched(n), -1, 1);
        Tensor theirs = onnx.run(images);
        Tensor ours = lentil(network, weights, images, output);
        assertEquals(ours.shape(), theirs.shape());
        int each = ours.shape().size() / n;
        for (int i = 0; i < ours.shape().size(); i++) {
          worst = Math.max(worst, Math.abs(ours.get(i) - theirs.get(i)));
          largest = Math.max(largest, Math.abs(ours.get(i)));
          spread = Math.max(spread, Math.abs(ours.get(i) - ours.get(i % each)));
        }
      }
    }
    double allowed = Double.isNaN(absolute) ? RELATIVE * largest : absolute;
    System.out.printf("%s: worst error %.2g, largest value %.2g, allowed %.2g%n", what, worst, largest, allowed);
    assertTrue(worst <= allowed, what + ": worst error " + worst + ", allowed " + allowed);
    assertTrue(spread > 100 * allowed, what + ": images that differ give outputs that differ, by " + spread);
  }

  private static Tensor lentil(Network network, Weights weights, Tensor images, String output) {
    try (var device = Backends.named("cpu").open(new DeviceOptions(1));
        var bank = device.load(network, weights);
        var executable = device.compile(
            Planner.inference(network, images.shape().extent(0), device.fusions(), Set.of(output)), bank)) {
      executable.run(Batch.of(images), RunState.inference());
      return executable.read(output);
    }
  }
}
