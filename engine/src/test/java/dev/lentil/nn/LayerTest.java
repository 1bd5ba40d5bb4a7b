package dev.lentil.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class LayerTest {
  private static void refused(String expected, Executable layer) {
    assertEquals(expected, assertThrows(IllegalArgumentException.class, layer).getMessage());
  }

  @Test
  void sizesAreAtLeastOne() {
    refused("layer a: filters is 0, but must be at least 1",
        () -> new Layer.Conv2d("a", 0, 3, 1, Padding.KERAS, false));
    refused("layer a: kernel is 0, but must be at least 1",
        () -> new Layer.Conv2d("a", 2, 0, 1, Padding.KERAS, false));
    refused("layer a: stride is -1, but must be at least 1",
        () -> new Layer.Conv2d("a", 2, 3, -1, Padding.KERAS, false));
    refused("layer a: kernel is 0, but must be at least 1", () -> new Layer.DepthwiseConv2d("a", 0, 1, Padding.KERAS));
    refused("layer a: stride is 0, but must be at least 1", () -> new Layer.DepthwiseConv2d("a", 3, 0, Padding.KERAS));
    refused("layer a: units is 0, but must be at least 1", () -> new Layer.Dense("a", 0));
    new Layer.Conv2d("a", 1, 1, 1, Padding.KERAS, false);
    new Layer.DepthwiseConv2d("a", 1, 1, Padding.KERAS);
    new Layer.Dense("a", 1);
  }

  @Test
  void ratesAndEpsilonHaveTheirLimits() {
    new Layer.BatchNorm("bn", 0.5, 0.9);
    new Layer.Dropout("a", 0);
    refused("layer a: dropout rate -0.1 is not in [0,1)", () -> new Layer.Dropout("a", -0.1));
    refused("layer a: dropout rate NaN is not in [0,1)", () -> new Layer.Dropout("a", Double.NaN));
  }
}
