package dev.lentil.check;

import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.tensor.Shape;

/** A network small enough to check element by element, with every type of layer that can be trained through. */
public final class SmallNetwork {
  private SmallNetwork() {}

  /**
   * Input {@code [7,6,3]}, three classes: a strided stem, an inverted residual whose input is read twice, a second,
   * strided block, pooling, dropout, dense, softmax.
   */
  public static Network everyLayer() {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(7, 6, 3)));
    builder.add(new Layer.Conv2d("first", 4, 3, 2, Padding.KERAS, true));
    builder.add(new Layer.BatchNorm("first_BN", 1e-3, 0.9));
    String block = builder.add(new Layer.Relu6("first_relu"));
    builder.add(Layer.Conv2d.pointwise("expand", 6));
    builder.add(new Layer.BatchNorm("expand_BN", 1e-3, 0.9));
    builder.add(new Layer.Relu6("expand_relu"));
    builder.add(new Layer.DepthwiseConv2d("depthwise", 3, 1, Padding.KERAS));
    builder.add(new Layer.BatchNorm("depthwise_BN", 1e-3, 0.9));
    builder.add(new Layer.Relu6("depthwise_relu"));
    builder.add(Layer.Conv2d.pointwise("project", 4));
    String projected = builder.add(new Layer.BatchNorm("project_BN", 1e-3, 0.9));
    builder.add(new Layer.Add("add"), block, projected);
    builder.add(new Layer.DepthwiseConv2d("strided_depthwise", 3, 2, Padding.SYMMETRIC));
    builder.add(new Layer.BatchNorm("strided_depthwise_BN", 1e-3, 0.9));
    builder.add(new Layer.Relu6("strided_depthwise_relu"));
    builder.add(new Layer.GlobalAveragePool("pool"));
    builder.add(new Layer.Dropout("dropout", 0.25));
    builder.add(new Layer.Dense("logits", 3));
    builder.add(new Layer.Softmax("predictions"));
    return builder.build();
  }
}
