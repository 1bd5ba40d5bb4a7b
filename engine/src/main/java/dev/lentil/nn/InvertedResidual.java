package dev.lentil.nn;

/**
 * MobileNetV2's block: a 1x1 expansion, a 3x3 depthwise convolution, a linear 1x1 projection, each with batch
 * normalisation, and a sum with the block's input if the shapes agree. This is not a layer; it adds several layers with
 * Keras's names. Source: Sandler et al. 2018, "MobileNetV2: Inverted Residuals and Linear Bottlenecks", figure 3;
 * Keras mobilenet_v2.py, {@code _inverted_res_block}.
 *
 * @param prefix before the layers' names: {@code block_3_} or {@code expanded_conv_}
 * @param expansion the expanded channels are this many times the input's; 1 means no expansion layer
 * @param filters output channels
 * @param stride of the depthwise convolution; above 1 there is no sum
 * @param padding of the depthwise convolution
 */
public record InvertedResidual(String prefix, int expansion, int filters, int stride, Padding padding, double bnEpsilon,
    double bnMomentum) {
  private static final int KERNEL = 3;

  public InvertedResidual {
    if (expansion < 1) {
      throw new IllegalArgumentException(
          "block " + prefix + ": expansion is " + expansion + ", but must be at least 1");
    }
  }

  /**
   * Adds the block behind a layer.
   *
   * @param input the layer that the block reads, of shape {@code [h,w,c]}
   * @return the name of the block's last layer
   */
  public String addTo(Network.Builder network, String input) {
    int channels = network.shape(input).extent(-1);
    String x = input;
    if (expansion > 1) {
      x = network.add(Layer.Conv2d.pointwise(prefix + "expand", expansion * channels), x);
      x = network.add(norm("expand_BN"), x);
      x = network.add(new Layer.Relu6(prefix + "expand_relu"), x);
    }
    x = network.add(new Layer.DepthwiseConv2d(prefix + "depthwise", KERNEL, stride, padding), x);
    x = network.add(norm("depthwise_BN"), x);
    x = network.add(new Layer.Relu6(prefix + "depthwise_relu"), x);
    x = network.add(Layer.Conv2d.pointwise(prefix + "project", filters), x);
    x = network.add(norm("project_BN"), x);
    boolean residual = stride == 1 && channels == filters;
    return residual ? network.add(new Layer.Add(prefix + "add"), input, x) : x;
  }

  private Layer.BatchNorm norm(String name) {
    return new Layer.BatchNorm(prefix + name, bnEpsilon, bnMomentum);
  }
}
