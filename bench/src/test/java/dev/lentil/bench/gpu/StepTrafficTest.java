package dev.lentil.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.nn.BatchNormMode;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Loss;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.plan.Fusion;
import dev.lentil.plan.Planner;
import dev.lentil.plan.TrainingSpec;
import dev.lentil.tensor.Shape;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StepTrafficTest {
  private static final Set<Fusion> SINGLE = Set.of(Fusion.CONVOLVE, Fusion.DEPTHWISE);
  private static final Set<Fusion> FUSED = Set.of(Fusion.CONVOLVE, Fusion.DEPTHWISE, Fusion.BATCH_STATISTICS);

  private static long elements(Network network, int batch, Set<Fusion> fusions) {
    var spec = new TrainingSpec(TrainingSpec.layersFrom(network, 0), BatchNormMode.TRAINING,
        new Loss.CategoricalCrossEntropy(), Optional.empty());
    return StepTraffic.elements(Planner.training(network, batch, spec, fusions, Set.of()));
  }

  /** A depthwise convolution between two pointwise ones, of 8 channels throughout, counted by hand. */
  @Test
  void passesOfABlock() {
    var b = Network.builder();
    b.add(new Layer.Input("input", Shape.of(4, 4, 8)));
    b.add(Layer.Conv2d.pointwise("expand", 8));
    b.add(new Layer.BatchNorm("expand_BN", 1e-3, 0.9));
    b.add(new Layer.Relu6("expand_relu"));
    b.add(new Layer.DepthwiseConv2d("depthwise", 3, 1, Padding.KERAS));
    b.add(new Layer.BatchNorm("depthwise_BN", 1e-3, 0.9));
    b.add(new Layer.Relu6("depthwise_relu"));
    b.add(Layer.Conv2d.pointwise("project", 8));
    b.add(new Layer.GlobalAveragePool("pool"));
    b.add(new Layer.Dense("logits", 2));
    Network network = b.build();
    // forward: expand 2, its statistics 1, depthwise 2, normalise and rectify 2, project 2, pool 1;
    // back: pool 1, project 2 + 2, rectify with sums 3, depthwise with raw gradient, mask and sums 4, raw 3, expand 2.
    long wide = 4 * 4 * 8;
    // pool: y, dy; dense: x and 3 y, back x and 2 dy, then dy and dx; loss: both
    long head = 8 + 8 + (8 + 3 * 2) + (8 + 2 * 2) + (2 + 8) + (2 + 2);
    assertEquals(27 * wide + head, elements(network, 1, FUSED));
    assertEquals(3 * (27 * wide + head), elements(network, 3, FUSED));
    // forward: 2, 3, 2, 2, 3, 2, 2, 1; back: 1, 4, 3, 5, 3, 3, 5, 2
    assertEquals(43 * wide + head, elements(network, 1, SINGLE));
  }

  /** The product of an expansion is written and read once, not read and written once more in between. */
  @Test
  void fusionsSpareTrafficInInference() {
    Network network = MobileNetV2.keras(1.0, 224, 224, new Head.Classifier(1000)).network();
    long apart = StepTraffic.elements(Planner.inference(network, 1, SINGLE, Set.of()));
    long together = StepTraffic.elements(Planner.inference(network, 1,
        Set.of(Fusion.CONVOLVE, Fusion.DEPTHWISE, Fusion.RECTIFIED_DEPTHWISE), Set.of()));
    System.out.printf("MobileNetV2 1.0/224, elements moved for each image classified, counted: %.1f million with each "
        + "convolution rectified by itself, %.1f million with depthwise ones rectifying what they read%n",
        apart / 1e6, together / 1e6);
    // Sixteen expansions and the stem, all of them before a depthwise convolution.
    assertEquals(2 * wide(network), apart - together);
  }

  private static long wide(Network network) {
    return network.nodes().stream().filter(node -> node.layer() instanceof Layer.DepthwiseConv2d)
        .mapToLong(node -> network.shape(node.input()).size()).sum();
  }

  @Test
  void fusionsSpareTrafficInTraining() {
    Network network = MobileNetV2.keras(1.0, 224, 224, new Head.Classifier(7)).network();
    long single = elements(network, 1, SINGLE);
    long fused = elements(network, 1, FUSED);
    System.out.printf(
        "MobileNetV2 1.0/224, elements moved for each training image, counted: %.1f million layer by layer, "
            + "%.1f million fused; in bfloat16 %.0f and %.0f MB%n",
        single / 1e6, fused / 1e6, 2 * single / 1e6,
        2 * fused / 1e6);
    assertTrue(fused < 0.65 * single, fused + " against " + single);
  }
}
