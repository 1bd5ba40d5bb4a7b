package dev.lentil.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Batch;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.RunState;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Phase;
import dev.lentil.plan.Plan;
import dev.lentil.plan.Planner;
import dev.lentil.plan.Step;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How steps are cut depends on sizes, on the number of threads and on how many images there are; the bits do not. */
@Tag("species")
class CpuThreadsTest {
  /** Behind each cut; none of them hides a layer of a fused step. */
  private static final Set<String> TAPS =
      Set.of("narrow_project_bn", "high_add", "half_project_bn", "low_project_bn", "tail_add", "last_relu", "logits");

  /**
   * A step for each way of cutting. Blocks of 29 rows go to up to four threads in pieces, to more by groups of channels in two
   * parts of the image each; those of 15 rows in pieces to two, else by groups, then by pixels; those of 8 by groups, then, as
   * the 56 pixels are few, by channels, like the last convolution and the dense layer. From {@code low} on there are more
   * parameters than values, so that three images and more for each thread go through each step together.
   */
  private static Network network() {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(58, 51, 3)));
    b.add(new Layer.Conv2d("stem", 21, 3, 2, Padding.KERAS, false));
    b.add(new Layer.BatchNorm("stem_bn", 1e-3, 0.9));
    b.add(new Layer.Relu6("stem_relu"));
    filterAndProject(b, "narrow", 1, 10);
    expand(b, "high", 110);
    filterAndProject(b, "high", 1, 10);
    b.add(new Layer.Add("high_add"), "narrow_project_bn", "high_project_bn");
    expand(b, "half", 90);
    filterAndProject(b, "half", 2, 21);
    expand(b, "low", 150);
    filterAndProject(b, "low", 2, 100);
    expand(b, "tail", 130);
    filterAndProject(b, "tail", 1, 100);
    b.add(new Layer.Add("tail_add"), "low_project_bn", "tail_project_bn");
    b.add(Layer.Conv2d.pointwise("last", 130));
    b.add(new Layer.BatchNorm("last_bn", 1e-3, 0.9));
    b.add(new Layer.Relu6("last_relu"));
    b.add(new Layer.GlobalAveragePool("pool"));
    b.add(new Layer.Dense("logits", 101));
    return b.build();
  }

  private static void expand(Network.Builder b, String block, int wide) {
    b.add(Layer.Conv2d.pointwise(block + "_expand", wide));
    b.add(new Layer.BatchNorm(block + "_expand_bn", 1e-3, 0.9));
    b.add(new Layer.Relu6(block + "_expand_relu"));
  }

  private static void filterAndProject(Network.Builder b, String block, int stride, int channels) {
    b.add(new Layer.DepthwiseConv2d(block + "_depthwise", 3, stride, Padding.KERAS));
    b.add(new Layer.BatchNorm(block + "_depthwise_bn", 1e-3, 0.9));
    b.add(new Layer.Relu6(block + "_depthwise_relu"));
    b.add(Layer.Conv2d.pointwise(block + "_project", channels));
    b.add(new Layer.BatchNorm(block + "_project_bn", 1e-3, 0.9));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6, 11})
  void sameBitsForAnyNumberOfThreads(int batch) {
    Network network = network();
    assertEquals(Shape.of(29, 26, 10), network.shape("high_add"));
    assertEquals(Shape.of(15, 13, 21), network.shape("half_project_bn"));
    assertEquals(Shape.of(8, 7, 100), network.shape("tail_add"));
    var random = new RandomTensors(batch);
    Weights weights = random.weights(network);
    Tensor images = random.normal(network.shape("input").batched(batch), 0, 1);
    Map<String, double[]> once = outputs(1, network, weights, images);
    for (int threads : new int[] {2, 3, 4, 5, 8}) {
      outputs(threads, network, weights, images).forEach((tap, values) -> assertArrayEquals(once.get(tap), values,
          () -> tap + " of " + batch + " images, " + threads + " threads"));
    }
    int size = network.shape("input").size();
    for (int image = 0; image < batch; image++) {
      int number = image;
      Tensor alone = Tensor.of(network.shape("input").batched(1),
          Arrays.copyOfRange(images.floats(), image * size, (image + 1) * size));
      outputs(1, network, weights, alone).forEach((tap, values) -> assertArrayEquals(values,
          Arrays.copyOfRange(once.get(tap), number * values.length, (number + 1) * values.length),
          () -> tap + " of image " + number + " of " + batch));
    }
  }

  private static Map<String, double[]> outputs(int threads, Network network, Weights weights, Tensor images) {
    try (Device device = Backends.named("cpu").open(new DeviceOptions(threads))) {
      Plan plan = Planner.inference(network, images.shape().extent(0), device.fusions(), TAPS);
      assertEquals(5, plan.steps().stream().filter(step -> step instanceof Step.FusedInvertedResidual).count());
      Phase together = plan.phases().getLast();
      assertEquals(Phase.Kind.INDEPENDENT, together.kind());
      assertEquals("low_depthwise",
          ((Step.FusedInvertedResidual) together.steps().getFirst()).depthwise().layer().name());
      try (ParameterBank bank = device.load(network, weights); Executable executable = device.compile(plan, bank)) {
        executable.run(Batch.of(images), RunState.inference());
        var outputs = new HashMap<String, double[]>();
        TAPS.forEach(tap -> outputs.put(tap, executable.read(tap).doubles()));
        return outputs;
      }
    }
  }
}
