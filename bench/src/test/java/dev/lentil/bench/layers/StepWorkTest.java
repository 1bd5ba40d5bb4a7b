package dev.lentil.bench.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Summary;
import dev.lentil.plan.Fusion;
import dev.lentil.plan.Planner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StepWorkTest {
  private static final Network NETWORK = MobileNetV2.keras(1.0, 96, 96, new Head.Classifier(10)).network();

  @Test
  void theStepsShareOutAllLayersAndAllOperations() {
    for (Set<Fusion> fusions : List.of(Set.<Fusion>of(), Set.of(Fusion.values()))) {
      List<StepWork> steps = StepWork.of(Planner.inference(NETWORK, 3, fusions, Set.of()));
      var layers = new ArrayList<String>();
      steps.forEach(step -> layers.addAll(step.layers()));
      List<String> expected = NETWORK.nodes().stream().filter(node -> !(node.layer() instanceof Layer.Input))
          .map(Network.Node::name).toList();
      assertEquals(expected.stream().sorted().toList(), layers.stream().sorted().toList());
      assertEquals(2.0 * 3 * Summary.of(NETWORK).multiplyAdds(),
          steps.stream().mapToDouble(step -> step.work().operations()).sum());
    }
  }

  @Test
  void bytesAreThoseOfInputsOutputsAndParameters() {
    List<StepWork> steps = StepWork.of(Planner.inference(NETWORK, 2, Set.of(Fusion.values()), Set.of()));
    StepWork last = steps.stream().filter(step -> step.layers().contains("Conv_1")).findFirst().orElseThrow();
    assertEquals(List.of("Conv_1", "Conv_1_bn", "out_relu"), last.layers());
    assertEquals("Conv_1 .. out_relu", last.name());
    assertEquals("FusedConvolve", last.kind());
    // 3x3 pixels of 320 and of 1280 channels, two images; the kernel and four vectors of the normalisation
    assertEquals(4.0 * (2 * 9 * (320 + 1280) + 320 * 1280 + 4 * 1280), last.work().bytes());
  }
}
