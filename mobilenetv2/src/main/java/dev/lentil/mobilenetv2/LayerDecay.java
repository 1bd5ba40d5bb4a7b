package dev.lentil.mobilenetv2;

import dev.lentil.nn.Network;
import dev.lentil.nn.Network.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Learning rates that fall with depth. What a layer near the image has learned from ImageNet is useful for dermatoscopy
 * unchanged, so the layer should change less. Source: Howard and Ruder, "Universal Language Model Fine-tuning for Text Classification", ACL 2018,
 * discriminative fine-tuning.
 */
public final class LayerDecay {
  private LayerDecay() {}

  /**
   * By layer, {@code decay} to the power of the number of blocks above it. The head counts as one block, and so do
   * {@code Conv_1}, each of the seventeen inverted residuals, and {@code Conv1}: the exponents are 0 to 19.
   *
   * @param network a {@link MobileNetV2#network()}, with any head
   */
  public static Map<String, Double> factors(Network network, double decay) {
    // without the input, which has nothing to train
    List<String> base = network.nodes().subList(1, MobileNetV2.headStart(network)).stream().map(Node::name).toList();
    List<String> blocks = base.stream().map(MobileNetV2::block).distinct().toList();
    var factors = new LinkedHashMap<String, Double>();
    network.nodes().forEach(node -> factors.put(node.name(), 1.0));
    base.forEach(
        layer -> factors.put(layer, Math.pow(decay, blocks.size() - blocks.indexOf(MobileNetV2.block(layer)))));
    return factors;
  }
}
