package dev.lentil.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightsTest {
  private static final Tensor ONE = Tensor.of(Shape.of(1), 1f);
  private static final Tensor TWO = Tensor.of(Shape.of(1), 2f);

  @Test
  void aNameIsThereOrSaidToBeMissing() {
    var weights = new Weights(Map.of("a", ONE));
    assertTrue(weights.contains("a"));
    assertFalse(weights.contains("b"));
    assertEquals(ONE, weights.get("a"));
    assertEquals("no weight named 'b'",
        assertThrows(IllegalArgumentException.class, () -> weights.get("b")).getMessage());
  }

  @Test
  void othersTakeThePlaceOfTheSameNamesAndNewOnesAreAdded() {
    var first = new Weights(Map.of("a", ONE, "b", ONE));
    Weights merged = first.with(new Weights(Map.of("b", TWO, "c", TWO)));
    assertEquals(Map.of("a", ONE, "b", TWO, "c", TWO), merged.tensors());
    assertEquals(Map.of("a", ONE, "b", ONE), first.tensors());
  }

  /** A convolution of three has a kernel and a bias, a normalisation four tensors. */
  @Test
  void ofManyThatDoNotFitFiveAreShownAndTheRestCounted() {
    var b = Network.builder();
    b.add(new Layer.Input("in", Shape.of(2, 2, 3)));
    b.add(new Layer.Conv2d("conv", 3, 1, 1, Padding.VALID, true));
    b.add(new Layer.BatchNorm("bn", 1e-3, 0.9));
    Network network = b.build();
    String five = "the weights do not fit the network: conv/kernel [1,1,3,3] is missing; conv/bias [3] is missing; "
        + "bn/gamma [3] is missing; bn/beta [3] is missing; bn/moving_mean [3] is missing";
    assertEquals(five + "; and 1 more", misfit(network, Map.of()));
    assertEquals(five, misfit(network, Map.of("bn/moving_variance", Tensor.of(Shape.of(3), 1f, 1f, 1f))));
  }

  private static String misfit(Network network, Map<String, Tensor> tensors) {
    return assertThrows(IllegalArgumentException.class, () -> new Weights(tensors).matching(network)).getMessage();
  }

  @Test
  void whatTheNetworkDoesNotNeedIsLeftOut() {
    var b = Network.builder();
    b.add(new Layer.Input("in", Shape.of(1, 1, 1)));
    b.add(Layer.Conv2d.pointwise("conv", 1));
    Tensor kernel = Tensor.of(Shape.of(1, 1, 1, 1), 3f);
    Weights matched = new Weights(Map.of("other/kernel", ONE, "conv/kernel", kernel)).matching(b.build());
    assertEquals(List.of("conv/kernel"), List.copyOf(matched.tensors().keySet()));
    assertEquals(kernel, matched.get("conv/kernel"));
  }
}
