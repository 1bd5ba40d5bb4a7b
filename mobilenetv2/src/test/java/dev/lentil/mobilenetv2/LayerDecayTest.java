package dev.lentil.mobilenetv2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LayerDecayTest {
  @Test
  void theExponentIsTheNumberOfBlocksAbove() {
    var network = MobileNetV2.keras(1.0, 96, 96, Head.binary()).network();
    var factors = LayerDecay.factors(network, 0.5);
    assertEquals(network.nodes().size(), factors.size());
    Map.of("predictions", 0, "Conv_1", 1, "Conv_1_bn", 1, "block_16_project_BN", 2, "block_16_expand", 2,
        "block_9_depthwise", 9, "block_1_expand", 17, "expanded_conv_project", 18, "bn_Conv1", 19, "Conv1", 19)
        .forEach((layer, above) -> assertEquals(Math.pow(0.5, above), factors.get(layer), layer));
    assertEquals(20, factors.values().stream().collect(Collectors.toSet()).size());
  }

  @Test
  void oneLeavesEveryRateAsItIs() {
    var network = MobileNetV2.keras(0.35, 96, 96, Head.binary()).network();
    LayerDecay.factors(network, 1).forEach((layer, factor) -> assertEquals(1, factor, layer));
  }
}
