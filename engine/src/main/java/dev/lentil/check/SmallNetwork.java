package dev.lentil.check;

import dev.lentil.backend.Batch;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.nn.ParameterSpec;
import dev.lentil.nn.Weights;
import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.LinkedHashMap;

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

  /** Parameters for it; batch normalisations are away from the identity, so that no gradient vanishes by accident. */
  public static Weights weights(Network network, long seed) {
    var tensors = new LinkedHashMap<String, Tensor>();
    for (ParameterSpec spec : network.parameters()) {
      double[] values = uniform(spec.shape().size(), seed, spec.name());
      for (int i = 0; i < values.length; i++) {
        values[i] = switch (spec.role()) {
          case KERNEL -> 1.6 * values[i] - 0.8;
          case BIAS, BETA, MOVING_MEAN -> values[i];
          case GAMMA, MOVING_VARIANCE -> 0.5 + values[i];
        };
      }
      tensors.put(spec.name(), Tensor.of(spec.shape(), values));
    }
    return new Weights(tensors);
  }

  /** Two images of different classes and weights. */
  public static Batch batch(Network network, long seed) {
    Shape images = network.shape(network.inputNode().name()).batched(2);
    double[] pixels = uniform(images.size(), seed, "images");
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 2 * pixels[i] - 1;
    }
    return new Batch(Tensor.of(images, pixels), Tensor.of(Shape.of(2, 3), 0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
        Tensor.of(Shape.of(2), 0.7, 1.9));
  }

  private static double[] uniform(int count, long seed, String name) {
    Philox random = Philox.at(seed, 0, name.hashCode(), RandomUse.TEST.operation());
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.uniformDouble(i, 0);
    }
    return values;
  }
}
