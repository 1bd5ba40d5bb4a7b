package dev.lentil.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NetworkTest {

  private static Network small() {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(6, 4, 3)));
    b.add(new Layer.Conv2d("conv", 5, 3, 1, Padding.KERAS, true));
    b.add(new Layer.BatchNorm("norm", 1e-3, 0.99));
    b.add(new Layer.DepthwiseConv2d("depthwise", 3, 2, Padding.KERAS));
    b.add(new Layer.GlobalAveragePool("pool"));
    b.add(new Layer.Dense("dense", 2));
    return b.build();
  }

  @Test
  void shapesAndParametersFollowFromTheLayers() {
    Network network = small();
    assertEquals(Shape.of(6, 4, 5), network.shape("conv"));
    assertEquals(Shape.of(3, 2, 5), network.shape("depthwise"));
    assertEquals(Shape.of(2), network.shape("dense"));
    assertEquals(
        List.of("conv/kernel", "conv/bias", "norm/gamma", "norm/beta", "norm/moving_mean", "norm/moving_variance",
            "depthwise/depthwise_kernel", "dense/kernel", "dense/bias"),
        network.parameters().stream().map(ParameterSpec::name).toList());
    assertEquals(Shape.of(3, 3, 5, 1), network.parameter("depthwise/depthwise_kernel").shape());
  }

  @Test
  void mistakesAreNamedWhenTheLayerIsAdded() {
    var b = Network.builder();
    assertThrows(IllegalArgumentException.class, () -> b.add(new Layer.Relu6("first")));
    b.add(new Layer.Input("input", Shape.of(6, 4, 3)));
    assertTrue(assertThrows(IllegalArgumentException.class, () -> b.add(new Layer.Relu6("input"))).getMessage()
        .contains("'input'"));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> b.add(new Layer.Relu6("relu"), "nowhere")).getMessage()
            .contains("'nowhere'"));
    assertThrows(IllegalArgumentException.class, () -> b.add(new Layer.Dense("dense", 2)));
    b.add(Layer.Conv2d.pointwise("wider", 4));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> b.add(new Layer.Add("add"), "input", "wider")).getMessage()
            .contains("[6,4,3]"));
    assertThrows(IllegalArgumentException.class, () -> new Layer.Dropout("dropout", 1));
    assertThrows(IllegalArgumentException.class, () -> new Layer.Conv2d("conv", 0, 3, 1, Padding.KERAS, false));
  }

  @Test
  void whatIsAddedLaterIsNoPartOfANetworkThatWasBuilt() {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(6, 4, 3)));
    b.add(new Layer.Relu6("relu"));
    Network network = b.build();
    b.add(new Layer.GlobalAveragePool("later"));
    assertFalse(network.contains("later"));
    assertThrows(IllegalArgumentException.class, () -> network.node("later"));
    assertThrows(IllegalArgumentException.class, () -> network.shape("later"));
    assertEquals(3, b.build().nodes().size());
    String message = assertThrows(IllegalArgumentException.class, () -> b.shape("latr")).getMessage();
    assertEquals("the network has no layer 'latr'; the names most like it are 'later', 'relu', 'input'", message);
  }

  @Test
  void aKernelThatDoesNotFitIsSaidOfItsLayer() {
    for (int stride : new int[] {1, 2, 3}) {
      var b = Network.builder();
      b.add(new Layer.Input("input", Shape.of(2, 4, 3)));
      for (Layer layer : List.of(new Layer.Conv2d("large", 5, 3, stride, Padding.VALID, true),
          new Layer.DepthwiseConv2d("large", 3, stride, Padding.VALID))) {
        String message = assertThrows(IllegalArgumentException.class, () -> b.add(layer)).getMessage();
        assertTrue(message.startsWith("layer 'large': a 3x3 kernel does not fit an input of 2x4 padded as VALID"),
            message);
      }
    }
  }

  @Test
  void whatNoArrayHoldsIsSaidOfItsLayer() {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(20_000, 20_000, 1)));
    assertEquals("layer 'wide': shape [20000, 20000, 64] has more than 2^31-1 elements",
        assertThrows(IllegalArgumentException.class, () -> b.add(Layer.Conv2d.pointwise("wide", 64))).getMessage());
    b.add(new Layer.Conv2d("large", 2, 50_000, 1, Padding.KERAS, false));
    assertEquals("layer 'large': shape [50000, 50000, 1, 2] has more than 2^31-1 elements",
        assertThrows(IllegalArgumentException.class, b::build).getMessage());
  }

  @Test
  void theInputReadsNothing() {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(2, 4, 3)));
    Network network = b.build();
    for (Executable asked : List.<Executable>of(() -> network.inputShape("input"), () -> network.window("input"))) {
      assertEquals("layer 'input' is the network's input and reads no other layer",
          assertThrows(IllegalArgumentException.class, asked).getMessage());
    }
  }

  @Test
  void aDenseLayerOnAMapNamesThePooling() {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(2, 4, 3)));
    String message =
        assertThrows(IllegalArgumentException.class, () -> b.add(new Layer.Dense("dense", 2))).getMessage();
    assertTrue(message.contains("layer 'dense'") && message.contains("put a GlobalAveragePool before it"), message);
  }

  @Test
  void aLayerOfMapsRefusesAVector() {
    assertMapWanted("[4,3]", () -> Network.builder().add(new Layer.Input("x", Shape.of(4, 3))));
    for (Layer layer : List.of(new Layer.Conv2d("x", 2, 3, 1, Padding.KERAS, false),
        new Layer.DepthwiseConv2d("x", 3, 1, Padding.KERAS), new Layer.GlobalAveragePool("x"))) {
      var b = Network.builder();
      b.add(new Layer.Input("input", Shape.of(2, 4, 3)));
      b.add(new Layer.GlobalAveragePool("pool"));
      assertMapWanted("[3]", () -> b.add(layer));
    }
  }

  private static void assertMapWanted(String got, Executable add) {
    String message = assertThrows(IllegalArgumentException.class, add).getMessage();
    assertEquals("layer 'x' needs a sample of rank 3, got " + got, message);
  }

  @Test
  void argumentsOfABatchNormalisationHaveTheirRanges() {
    for (double momentum : new double[] {-0.1, 1.1, Double.NaN}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> new Layer.BatchNorm("bn", 1e-3, momentum)).getMessage();
      assertTrue(message.startsWith("layer bn: momentum is " + momentum), message);
    }
    // The last is the momentum in the place of epsilon.
    for (double epsilon : new double[] {0, -1e-3, Double.NaN, 0.9}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> new Layer.BatchNorm("bn", epsilon, 1e-3)).getMessage();
      assertTrue(message.contains("epsilon is " + epsilon) && message.contains("name, epsilon, momentum"), message);
    }
    new Layer.BatchNorm("bn", 1e-5, 0);
    new Layer.BatchNorm("bn", 1e-5, 1);
  }

  @Test
  void itShowsALineForEachLayer() {
    String[] lines = small().toString().split("\\n");
    assertEquals(6, lines.length);
    assertEquals("input      Input              [6,4,3]", lines[0]);
    assertEquals("depthwise  DepthwiseConv2d    [3,2,5]", lines[3]);
  }

  @Test
  void weightsThatDoNotFitAreListedTogether() {
    Network network = small();
    var tensors = new LinkedHashMap<String, Tensor>();
    for (ParameterSpec spec : network.parameters()) {
      tensors.put(spec.name(), Tensor.of(spec.shape(), new float[spec.shape().size()]));
    }
    assertEquals(9, new Weights(tensors).matching(network).tensors().size());
    tensors.remove("conv/bias");
    tensors.put("norm/gamma", Tensor.of(Shape.of(4), new float[4]));
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Weights(tensors).matching(network)).getMessage();
    assertTrue(message.contains("conv/bias [5] is missing"), message);
    assertTrue(message.contains("norm/gamma is [4], the network needs [5]"), message);
  }
}
