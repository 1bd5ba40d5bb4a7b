package dev.lentil.mobilenetv2;

import dev.lentil.nn.Network;
import dev.lentil.nn.Network.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Learning rates that fall with depth: what a layer near the image has learned from ImageNet serves dermatoscopy as it is, so
 * it shall move less. Source: Howard and Ruder, "Universal Language Model Fine-tuning for Text Classification", ACL 2018,
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
    int headStart = network.index(KerasLayers.of(network).names().getLast()) + 1;
    List<Node> base = network.nodes().subList(0, headStart);
    var blocks = new LinkedHashSet<String>();
    base.forEach(node -> blocks.add(block(node.name())));
    List<String> order = new ArrayList<>(blocks);
    var factors = new LinkedHashMap<String, Double>();
    network.nodes().forEach(node -> factors.put(node.name(), 1.0));
    base.forEach(node -> factors.put(node.name(), Math.pow(decay, order.size() - order.indexOf(block(node.name())))));
    return factors;
  }

  private static String block(String layer) {
    if (layer.startsWith("block_")) {
      return layer.substring(0, layer.indexOf('_', "block_".length()));
    }
    if (layer.startsWith("expanded_conv_")) {
      return "expanded_conv";
    }
    return switch (layer) {
      case "Conv_1", "Conv_1_bn", "out_relu" -> "Conv_1";
      // Conv1, its normalisation and ReLU6, and the input, which has nothing to train
      default -> "Conv1";
    };
  }
}
