package dev.lentil.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.nn.Layer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Param;

class KernelBenchmarkTest {
  private static List<String> layers(Class<?> benchmark) throws NoSuchFieldException {
    return List.of(benchmark.getField("layer").getAnnotation(Param.class).value());
  }

  /** Every geometry that the network has is among the benchmarks, once. */
  @Test
  void theShapesAreThoseOfTheNetwork() throws NoSuchFieldException {
    var network = MobileNetV2.imageNet().network();
    Set<String> pointwise = new TreeSet<>();
    Set<String> depthwise = new TreeSet<>();
    for (var node : network.nodes()) {
      if (node.layer() instanceof Layer.Conv2d conv && conv.kernel() == 1) {
        pointwise.add(network.window(conv.name()) + " " + network.inputShape(conv.name()) + conv.filters());
      } else if (node.layer() instanceof Layer.DepthwiseConv2d conv) {
        depthwise.add(network.window(conv.name()) + " " + network.inputShape(conv.name()));
      }
    }
    var benchmarked = layers(KernelBenchmark.Pointwise.class).stream()
        .map(name -> network.window(name) + " " + network.inputShape(name) + network.shape(name).extent(-1)).toList();
    assertEquals(List.copyOf(pointwise), benchmarked.stream().sorted().toList());
    var benchmarkedDepthwise = layers(KernelBenchmark.Depthwise.class).stream()
        .map(name -> network.window(name) + " " + network.inputShape(name)).toList();
    assertEquals(List.copyOf(depthwise), benchmarkedDepthwise.stream().sorted().toList());
  }

  @Test
  void theKernelsCalculateSomething() {
    var pointwise = new KernelBenchmark.Pointwise();
    pointwise.layer = "block_14_expand";
    pointwise.prepare();
    float[] out = pointwise.forward().clone();
    assertArrayEquals(out, pointwise.forward(), "the same each time");
    assertTrue(hasValues(out) && hasValues(pointwise.kernelGradient()));
    assertEquals(2.0 * 49 * 160 * 960, pointwise.work("forward").operations());

    var depthwise = new KernelBenchmark.Depthwise();
    depthwise.layer = "block_13_depthwise";
    depthwise.prepare();
    assertTrue(hasValues(depthwise.forward()) && hasValues(depthwise.inputGradient())
        && hasValues(depthwise.kernelGradient()));
  }

  private static boolean hasValues(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += Math.abs(value);
    }
    return sum > 0 && Double.isFinite(sum);
  }
}
