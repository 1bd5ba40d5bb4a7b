package dev.lentil.mobilenetv2;

import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers of MobileNetV2 without its top as Keras numbers them: 154, from 0 (the input) to 153 ({@code out_relu}).
 * Keras pads before a depthwise convolution of stride 2 in a layer of its own ({@code block_1_pad}, {@code
 * block_3_pad}, {@code block_6_pad}, {@code block_13_pad}); here that is part of the convolution, so four of the
 * numbers have no layer. Source: Keras 3.15.1, {@code [l.name for l in MobileNetV2(include_top=False).layers]}.
 */
public final class KerasLayers {
  private final Network network;
  private final List<String> names;

  private KerasLayers(Network network, List<String> names) {
    this.network = network;
    this.names = List.copyOf(names);
  }

  /**
   * @param network a {@link MobileNetV2#network()}, with any head
   */
  public static KerasLayers of(Network network) {
    var names = new ArrayList<String>();
    for (Network.Node node : network.nodes().subList(0, MobileNetV2.headStart(network))) {
      if (node.layer() instanceof Layer.DepthwiseConv2d conv && conv.stride() > 1) {
        names.add(conv.name().replace("_depthwise", "_pad"));
      }
      names.add(node.name());
    }
    return new KerasLayers(network, names);
  }

  /** Keras's names by Keras's numbers, the padding layers included. */
  public List<String> names() {
    return names;
  }

  /** How many layers Keras counts. */
  public int count() {
    return names.size();
  }

  /**
   * Keras's number of a layer.
   *
   * @throws IllegalArgumentException if Keras has no layer of that name before the head
   */
  public int index(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "there is no layer '" + name + "' in MobileNetV2 without its top; names are such as "
              + "block_16_expand, block_13_depthwise, Conv_1, out_relu");
    }
    return index;
  }

  /**
   * The layers of the network from a Keras number to {@code out_relu}, in order. A number of a padding layer starts at
   * the convolution that it pads; a number beyond the last gives none.
   */
  public List<String> from(int index) {
    return names.stream().skip(index).filter(network::contains).toList();
  }
}
