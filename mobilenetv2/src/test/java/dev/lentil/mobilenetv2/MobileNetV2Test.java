package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.safetensors.SafetensorsFile;
import dev.lentil.tensor.Shape;
import dev.lentil.testing.SharedData;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MobileNetV2Test {
  private static long parameters(Network network) {
    return network.parameters().stream().mapToLong(spec -> spec.shape().size()).sum();
  }

  @Test
  void theImageNetClassifierOfThePaper() {
    Network network = MobileNetV2.imageNet().network();
    assertEquals(3_538_984, parameters(network)); // Keras's count, moving statistics included
    assertEquals(52, network.nodes().stream().filter(
        n -> n.layer() instanceof Layer.Conv2d || n.layer() instanceof Layer.DepthwiseConv2d).count());
    assertEquals(Shape.of(112, 112, 32), network.shape("Conv1"));
    assertEquals(Shape.of(112, 112, 16), network.shape("expanded_conv_project_BN"));
    assertEquals(Shape.of(112, 112, 96), network.shape("block_1_expand"));
    assertEquals(Shape.of(56, 56, 24), network.shape("block_2_add"));
    assertEquals(Shape.of(28, 28, 32), network.shape("block_5_add"));
    assertEquals(Shape.of(14, 14, 64), network.shape("block_9_add"));
    assertEquals(Shape.of(14, 14, 96), network.shape("block_12_add"));
    assertEquals(Shape.of(7, 7, 160), network.shape("block_15_add"));
    assertEquals(Shape.of(7, 7, 320), network.shape("block_16_project_BN"));
    assertEquals(Shape.of(7, 7, 1280), network.shape("out_relu"));
    assertEquals(Shape.of(1000), network.shape("softmax"));
    Set<String> sums = network.nodes().stream().filter(n -> n.layer() instanceof Layer.Add).map(Network.Node::name)
        .collect(Collectors.toSet());
    assertEquals(Set.of("block_2_add", "block_4_add", "block_5_add", "block_7_add", "block_8_add", "block_9_add",
        "block_11_add", "block_12_add", "block_14_add", "block_15_add"), sums);
    // the sum reads the block's input first, as Keras does
    assertEquals("block_1_project_BN", network.node("block_2_add").inputs().getFirst());
  }

  /** Parameters of keras.applications.MobileNetV2(include_top=False, alpha=...), moving statistics included. */
  @ParameterizedTest
  @CsvSource({"0.35,410208", "0.5,706224", "0.75,1382064", "1.0,2257984", "1.3,3766048", "1.4,4363712"})
  void theWidthsOfKeras(double alpha, long expected) {
    assertEquals(expected, parameters(MobileNetV2.keras(alpha, 96, 96, new Head.Features()).network()));
  }

  @Test
  void channelsAreRoundedAsKerasDoes() {
    assertEquals(16, MobileNetV2.channels(32, 0.35));
    assertEquals(8, MobileNetV2.channels(16, 0.1));
    assertEquals(48, MobileNetV2.channels(32, 1.4));
    assertEquals(1792, MobileNetV2.channels(1280, 1.4));
    assertEquals(24, MobileNetV2.channels(16, 1.3)); // 20.8 rounds to 24; 16 would be more than 10% below
    assertEquals(1280, MobileNetV2.keras(0.35, 96, 96, new Head.Features()).featureChannels());
  }

  @Test
  void anyResolution() {
    Network network = MobileNetV2.keras(0.35, 150, 201, Head.binary()).network();
    assertEquals(Shape.of(75, 101, 16), network.shape("Conv1"));
    assertEquals(Shape.of(5, 7, 1280), network.shape("out_relu"));
    Network one = MobileNetV2.keras(1.0, 1, 1, Head.categories(7)).network();
    assertEquals(Shape.of(1, 1, 1280), one.shape("out_relu"));
    assertEquals(Shape.of(7), one.shape("softmax"));
    assertEquals(Layer.Sigmoid.class, network.outputNode().layer().getClass());
  }

  @Test
  void badDescriptionsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> MobileNetV2.keras(0, 96, 96, Head.binary()));
    assertThrows(IllegalArgumentException.class, () -> MobileNetV2.keras(Double.NaN, 96, 96, Head.binary()));
    var error = assertThrows(IllegalArgumentException.class, () -> MobileNetV2.keras(1, 0, 96, Head.binary()));
    assertTrue(error.getMessage().contains("height is 0"), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> MobileNetV2.keras(1, 96, 0, Head.binary()));
    assertThrows(IllegalArgumentException.class, () -> Head.categories(1));
  }

  @Test
  void symmetricPaddingHasTheSameShapesOnEvenSizes() {
    var keras = MobileNetV2.keras(0.35, 96, 96, Head.binary());
    var torch = new MobileNetV2(0.35, 96, 96, Padding.SYMMETRIC, 1e-5, 0.9, Head.binary());
    keras.network().nodes()
        .forEach(n -> assertEquals(keras.network().shape(n.name()), torch.network().shape(n.name())));
  }

  @ParameterizedTest
  @CsvSource({"weights/mobilenet_v2_1.0_224_imagenet.safetensors,1.0,1000",
      "weights/mobilenet_v2_0.35_imagenet_no_top.safetensors,0.35,0"})
  void kerasWeightFilesHaveExactlyItsParameters(String file, double alpha, int classes) {
    Head head = classes == 0 ? new Head.Features() : new Head.Classifier(classes);
    Network network = MobileNetV2.keras(alpha, 224, 224, head).network();
    try (var weights = SafetensorsFile.open(SharedData.require(file))) {
      assertEquals(network.parameters().size(), new Weights(weights.tensors("")).matching(network).tensors().size());
      assertEquals(network.parameters().stream().map(p -> p.name()).toList(), List.copyOf(weights.names()));
    }
  }

  @Test
  void theReferenceFilesLoad() {
    Network network = MobileNetV2.keras(0.35, 96, 96, Head.binary()).network();
    try (var file = SafetensorsFile.open(
        SharedData.require("reference/pytorch_float64_keras_padding_a035_r96.safetensors"))) {
      new Weights(file.tensors("params/")).matching(network);
    }
  }
}
