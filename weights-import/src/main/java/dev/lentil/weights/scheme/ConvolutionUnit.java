package dev.lentil.weights.scheme;

import dev.lentil.mobilenetv2.Head;
import dev.lentil.mobilenetv2.MobileNetV2;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * A convolution of a MobileNetV2 with the batch normalisation behind it. There are 52, the same at every width.
 *
 * @param convolution Lentil's name of the layer
 * @param norm Lentil's name of the batch normalisation
 * @param stride along both axes
 * @param block the inverted residual that it is in, from 0; 0 for the stem and the last one too
 */
public record ConvolutionUnit(String convolution, String norm, Part part, int block, int stride) {
  /** What a convolution is for. */
  public enum Part {
    STEM, EXPAND, DEPTHWISE, PROJECT, LAST
  }

  private static final List<ConvolutionUnit> ALL = find();

  /** All, from the input to the output. */
  public static List<ConvolutionUnit> all() {
    return ALL;
  }

  private static List<ConvolutionUnit> find() {
    var units = new ArrayList<ConvolutionUnit>();
    List<Network.Node> nodes = MobileNetV2.keras(1, 32, 32, new Head.Features()).network().nodes();
    int block = 0;
    for (int i = 0; i < nodes.size(); i++) {
      Layer layer = nodes.get(i).layer();
      if (layer instanceof Layer.Conv2d || layer instanceof Layer.DepthwiseConv2d) {
        Part part = part(layer.name());
        int stride = switch (layer) {
          case Layer.Conv2d l -> l.stride();
          case Layer.DepthwiseConv2d l -> l.stride();
          default -> 1;
        };
        units.add(new ConvolutionUnit(layer.name(), nodes.get(i + 1).name(), part, part == Part.LAST ? 0 : block,
            stride));
        block += part == Part.PROJECT ? 1 : 0;
      }
    }
    return List.copyOf(units);
  }

  private static Part part(String layer) {
    return switch (layer) {
      case "Conv1" -> Part.STEM;
      case "Conv_1" -> Part.LAST;
      case String name when name.endsWith("_expand") -> Part.EXPAND;
      case String name when name.endsWith("_depthwise") -> Part.DEPTHWISE;
      default -> Part.PROJECT;
    };
  }

  public boolean depthwise() {
    return part == Part.DEPTHWISE;
  }

  /** Lentil's name of the kernel. */
  public String kernel() {
    return convolution + (depthwise() ? "/depthwise_kernel" : "/kernel");
  }
}
