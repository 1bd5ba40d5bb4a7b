package dev.lentil.explain;

import dev.lentil.backend.Backends;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.ParameterBank;
import dev.lentil.nn.InvertedResidual;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import dev.lentil.testing.RandomTensors;

/** A small MobileNetV2 with its head on a backend, and an image for it. */
record SmallClassifier(Network network, Weights weights, Tensor image, Device device, ParameterBank bank)
    implements
    AutoCloseable {

  static SmallClassifier of(String backend, int classes) {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(22, 18, 3)));
    builder.add(new Layer.Conv2d("stem", 8, 3, 2, Padding.KERAS, false));
    builder.add(new Layer.BatchNorm("stem_BN", 1e-3, 0.9));
    String x = builder.add(new Layer.Relu6("stem_relu"));
    x = new InvertedResidual("block_1_", 2, 8, 1, Padding.KERAS, 1e-3, 0.9).addTo(builder, x);
    new InvertedResidual("block_2_", 3, 12, 2, Padding.KERAS, 1e-3, 0.9).addTo(builder, x);
    builder.add(Layer.Conv2d.pointwise("last", 20));
    builder.add(new Layer.BatchNorm("last_BN", 1e-3, 0.9));
    builder.add(new Layer.Relu6("last_relu"));
    builder.add(new Layer.GlobalAveragePool("pool"));
    builder.add(new Layer.Dropout("dropout", 0.4));
    builder.add(new Layer.Dense("predictions", classes));
    builder.add(classes == 1 ? new Layer.Sigmoid("head") : new Layer.Softmax("head"));
    return of(backend, builder.build());
  }

  /** One that classifies each pixel of an image of 6x5, in two classes: its logits are a map. */
  static SmallClassifier ofPixels(String backend) {
    var builder = Network.builder();
    builder.add(new Layer.Input("input", Shape.of(6, 5, 3)));
    builder.add(new Layer.Conv2d("features", 4, 3, 1, Padding.KERAS, true));
    builder.add(new Layer.Relu6("features_relu"));
    builder.add(new Layer.Conv2d("logits", 2, 1, 1, Padding.VALID, true));
    builder.add(new Layer.Softmax("head"));
    return of(backend, builder.build());
  }

  private static SmallClassifier of(String backend, Network network) {
    var random = new RandomTensors(3);
    Weights weights = random.weights(network);
    Device device = Backends.named(backend).open(new DeviceOptions(2));
    return new SmallClassifier(network, weights, random.normal(network.shape("input"), 0, 1), device,
        device.load(network, weights));
  }

  @Override
  public void close() {
    bank.close();
    device.close();
  }
}
