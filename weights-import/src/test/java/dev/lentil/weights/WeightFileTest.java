package dev.lentil.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.InputScaling;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.mobilenetv2.Model;
import dev.lentil.mobilenetv2.ModelFile;
import dev.lentil.mobilenetv2.ModelFileException;
import dev.lentil.nn.Initializer;
import dev.lentil.nn.Weights;
import dev.lentil.safetensors.SafetensorsException;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFileTest {
  private static final String H5 = "import-samples/mobilenet_v2_0.35_96_no_top.h5";

  @TempDir
  private Path folder;

  @Test
  void h5AndSafetensorsHoldTheSameBits() {
    WeightFile h5 = WeightFile.open(SharedData.require(H5));
    WeightFile safetensors =
        WeightFile.open(SharedData.require("weights/mobilenet_v2_0.35_imagenet_no_top.safetensors"));
    assertEquals(WeightFile.Format.KERAS_H5, h5.format());
    assertEquals(WeightFile.Format.SAFETENSORS, safetensors.format());
    assertEquals(260, h5.model().weights().tensors().size());
    assertEquals(List.copyOf(safetensors.model().weights().tensors().keySet()),
        List.copyOf(h5.model().weights().tensors().keySet()));
    safetensors.model().weights().tensors().forEach((name, tensor) -> assertArrayEquals(bits(tensor),
        bits(h5.model().weights().get(name)), name));
    // the same network, but that the whole model's file says at which resolution it was made
    assertEquals(MobileNetV2.keras(0.35, 96, 96, new Head.Features()), h5.model().architecture());
    assertEquals(h5.model().architecture(), safetensors.model().architecture().withResolution(96, 96));
    assertEquals(InputScaling.MINUS_ONE_TO_ONE, h5.model().scaling());
    assertEquals(List.of(), h5.unused());
  }

  private static int[] bits(Tensor tensor) {
    float[] values = ((Tensor.F32) tensor).floats();
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  /** Nested models, names with ":0", another head of two dense layers: the base is read, the head is not. */
  @Test
  void aTeachableMachineFileGivesItsBase() {
    WeightFile file = WeightFile.open(SharedData.require("import-samples/teachable_machine_keras_2.4.h5"));
    assertEquals(MobileNetV2.keras(0.35, 224, 224, new Head.Features()), file.model().architecture());
    assertEquals(Set.of("dense_Dense1/kernel", "dense_Dense1/bias", "dense_Dense2/kernel"),
        new HashSet<>(file.unused()));
  }

  @Test
  void aModelOfOnesOwnComesBack() {
    var architecture = MobileNetV2.keras(0.35, 64, 96, Head.binary()).withBnMomentum(0.9);
    var model =
        new Model(architecture, InputScaling.ZERO_TO_ONE, Initializer.weights(architecture.network(), 5), Map.of());
    Path path = folder.resolve("any.name");
    ModelFile.write(path, model);
    WeightFile read = WeightFile.open(path);
    assertEquals(architecture, read.model().architecture());
    assertEquals(InputScaling.ZERO_TO_ONE, read.model().scaling());
  }

  @Test
  void namesOfEveryKerasAreUnderstood() {
    assertEquals("Conv1/kernel", KerasH5.canonical("Conv1/kernel:0"));
    assertEquals("Conv1/kernel", KerasH5.canonical("mobilenetv2_1.00_224/Conv1/kernel"));
    assertEquals("block_1_depthwise/depthwise_kernel", KerasH5.canonical("block_1_depthwise/kernel"));
    assertEquals("block_1_depthwise/depthwise_kernel", KerasH5.canonical("block_1_depthwise/depthwise_kernel:0"));
  }

  @Test
  void theOnlyMatrixIsTheHead() {
    Tensor matrix = Tensor.of(Shape.of(2, 1), 1f, 2f);
    Weights one = new Weights(Map.of("dense_3/kernel", matrix, "dense_3/bias", Tensor.of(Shape.of(1), 0f)));
    assertEquals(Set.of("predictions/kernel", "predictions/bias"), WeightFile.withHead(one).tensors().keySet());
    Weights two = new Weights(Map.of("dense/kernel", matrix, "dense_1/kernel", matrix));
    assertEquals(two.tensors().keySet(), WeightFile.withHead(two).tensors().keySet());
  }

  @Test
  void theConfigurationIsUnderstood() {
    String json = """
        {"class_name": "Functional", "config": {"layers": [
          {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 150, 200, 3]}},
          {"class_name": "Rescaling", "config": {"scale": 0.00392156862745098, "offset": 0.0}},
          {"class_name": "Functional", "config": {"layers": [
            {"class_name": "BatchNormalization", "config": {"momentum": 0.99, "epsilon": 1e-05}}]}},
          {"class_name": "Dropout", "config": {"rate": 0.2}}]}}""";
    assertEquals(
        Map.of("resolution", "150x200", "bn_epsilon", "1.0E-5", "bn_momentum", "0.99", "dropout", "0.2", "head",
            "transfer", "input_scaling", "x/255"),
        KerasConfig.facts(Path.of("x.h5"), json));
    assertThrows(ModelFileException.class, () -> KerasConfig.facts(Path.of("x.h5"), "{"));
  }

  private static String errorOf(Path path) {
    var error = assertThrows(RuntimeException.class, () -> WeightFile.open(path));
    assertTrue(error instanceof ModelFileException || error instanceof SafetensorsException, error.toString());
    assertTrue(error.getMessage().startsWith(path + ": "), error.getMessage());
    return error.getMessage();
  }

  @Test
  void whatIsNotAWeightFileIsOneClearError() throws IOException {
    assertTrue(errorOf(folder.resolve("none.h5")).contains("no such weight file"));
    assertTrue(errorOf(Files.writeString(folder.resolve("a.txt"), "not weights at all")).contains("not a weight file"));
    assertTrue(errorOf(Files.writeString(folder.resolve("empty"), "")).contains("not a weight file"));
    assertTrue(errorOf(Files.writeString(folder.resolve("a.safetensors"), "not weights at all")).contains("header"));
    assertTrue(errorOf(SharedData.require("import-samples/mobilenet_v2_0.35_96_no_top.keras")).contains("zip archive"));
    assertTrue(errorOf(SharedData.require("import-samples/mobilenet_v2_0.35_96_no_top.weights.h5"))
        .contains("the .weights.h5 of Keras 3"));
    assertTrue(errorOf(SharedData.require("import-samples/hostile_pickle.pth")).length() < 300);
    assertTrue(errorOf(SharedData.require("import-samples/mobilenet_v2_0.35_torchvision_names.safetensors"))
        .contains("no Conv1/kernel"));
  }

  @Test
  void aCutOffFileIsOneClearError() throws IOException {
    byte[] h5 = Files.readAllBytes(SharedData.require(H5));
    for (int length : new int[] {8, 20, 96, 200, 1000, 4096, 50_000, 500_000, h5.length - 1_000, h5.length - 1}) {
      Path path = Files.write(folder.resolve("cut.h5"), Arrays.copyOf(h5, length));
      assertTrue(errorOf(path).contains("cut off"), length + " bytes");
    }
    // damaged, though of the right length
    for (int at : new int[] {9, 24, 96, 200, 1000, 2048, 100_000}) {
      byte[] damaged = h5.clone();
      Arrays.fill(damaged, at, Math.min(at + 5_000, damaged.length), (byte) 0xA5);
      System.out
          .println("damaged from byte " + at + ": " + errorOf(Files.write(folder.resolve("damaged.h5"), damaged)));
    }
    byte[] safetensors =
        Files.readAllBytes(SharedData.require("weights/mobilenet_v2_0.35_imagenet_no_top.safetensors"));
    for (int length : new int[] {7, 8, 1000, 24_016, safetensors.length - 1}) {
      errorOf(Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(safetensors, length)));
    }
  }
}
