package dev.lentil.mobilenetv2;

import dev.lentil.nn.InvertedResidual;
import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Padding;
import dev.lentil.tensor.Shape;

/**
 * A description of a MobileNetV2; {@link #network()} builds it. Layers carry Keras's names. Keras's zero padding layers
 * ({@code block_1_pad} and so on) do not exist here: padding belongs to the convolution.
 * Source: Sandler et al. 2018, table 2; Keras mobilenet_v2.py.
 *
 * @param alpha the width multiplier, 1.0 in the paper; channels are rounded by {@link #channels}
 * @param height rows of the input; need not be a multiple of 32
 * @param width columns of the input
 * @param padding {@link Padding#KERAS}, or {@link Padding#SYMMETRIC} as torchvision has it
 * @param bnEpsilon 1e-3 in Keras, 1e-5 in torchvision
 * @param bnMomentum the share of the old moving statistics that an update keeps; 0.999 in Keras
 */
public record MobileNetV2(double alpha, int height, int width, Padding padding, double bnEpsilon, double bnMomentum,
    Head head) {
  /** Keras's epsilon for this network. */
  public static final double KERAS_BN_EPSILON = 1e-3;
  /** Keras's momentum for this network. */
  public static final double KERAS_BN_MOMENTUM = 0.999;

  /** The last layer before the head, whose output {@code [h,w,c]} are the features. */
  public static final String LAST_ACTIVATION = "out_relu";

  private static final int RGB = 3;
  private static final int STEM_FILTERS = 32;
  private static final int LAST_FILTERS = 1280;

  /** A run of equal blocks: the rows of the paper's table 2 (t, c, n, s). */
  private record Stage(int expansion, int filters, int blocks, int stride) {}

  private static final Stage[] STAGES = {
      new Stage(1, 16, 1, 1),
      new Stage(6, 24, 2, 2),
      new Stage(6, 32, 3, 2),
      new Stage(6, 64, 4, 2),
      new Stage(6, 96, 3, 1),
      new Stage(6, 160, 3, 2),
      new Stage(6, 320, 1, 1)};

  public MobileNetV2 {
    if (!(alpha > 0 && alpha <= 100)) {
      throw new IllegalArgumentException("alpha is " + alpha + ", but must be above 0 and at most 100");
    }
    requireExtent("height", height);
    requireExtent("width", width);
    if (!(bnEpsilon > 0)) {
      throw new IllegalArgumentException(
          "the epsilon of batch normalisation is " + bnEpsilon + ", but must be above 0");
    }
    if (!(bnMomentum >= 0 && bnMomentum < 1)) {
      throw new IllegalArgumentException(
          "the momentum of batch normalisation is " + bnMomentum + ", but must be in [0,1)");
    }
  }

  /** As Keras builds it: Keras's padding, epsilon and momentum. */
  public static MobileNetV2 keras(double alpha, int height, int width, Head head) {
    return new MobileNetV2(alpha, height, width, Padding.KERAS, KERAS_BN_EPSILON, KERAS_BN_MOMENTUM, head);
  }

  /** The ImageNet classifier: alpha 1.0, 224x224, 1000 classes. */
  public static MobileNetV2 imageNet() {
    return keras(1.0, 224, 224, new Head.Classifier(1000));
  }

  public MobileNetV2 withHead(Head other) {
    return new MobileNetV2(alpha, height, width, padding, bnEpsilon, bnMomentum, other);
  }

  public MobileNetV2 withResolution(int newHeight, int newWidth) {
    return new MobileNetV2(alpha, newHeight, newWidth, padding, bnEpsilon, bnMomentum, head);
  }

  public MobileNetV2 withBnMomentum(double momentum) {
    return new MobileNetV2(alpha, height, width, padding, bnEpsilon, momentum, head);
  }

  /**
   * The number of channels at a width: scaled, rounded to a multiple of 8, at least 8, and never more than 10% below
   * the scaled value. Source: Keras mobilenet_v2.py, {@code _make_divisible}.
   */
  public static int channels(int base, double alpha) {
    double scaled = base * alpha;
    int rounded = Math.max(8, (int) (scaled + 4) / 8 * 8);
    return rounded < 0.9 * scaled ? rounded + 8 : rounded;
  }

  /** The channels of {@code out_relu}: 1280, more only for alpha above 1. */
  public int featureChannels() {
    return alpha > 1 ? channels(LAST_FILTERS, alpha) : LAST_FILTERS;
  }

  /** The whole network, head included. */
  public Network network() {
    Network.Builder network = Network.builder();
    network.add(new Layer.Input("input_1", Shape.of(height, width, RGB)));
    network.add(new Layer.Conv2d("Conv1", channels(STEM_FILTERS, alpha), 3, 2, padding, false));
    network.add(norm("bn_Conv1"));
    String x = network.add(new Layer.Relu6("Conv1_relu"));
    int block = 0;
    for (Stage stage : STAGES) {
      for (int i = 0; i < stage.blocks; i++, block++) {
        // Keras names the first block, the only one without an expansion, differently from the others.
        String prefix = block == 0 ? "expanded_conv_" : "block_" + block + "_";
        x = new InvertedResidual(prefix, stage.expansion, channels(stage.filters, alpha), i == 0 ? stage.stride : 1,
            padding, bnEpsilon, bnMomentum).addTo(network, x);
      }
    }
    network.add(Layer.Conv2d.pointwise("Conv_1", featureChannels()), x);
    network.add(norm("Conv_1_bn"));
    network.add(new Layer.Relu6(LAST_ACTIVATION));
    addHead(network);
    return network.build();
  }

  private void addHead(Network.Builder network) {
    switch (head) {
      case Head.Features _ -> {}
      case Head.Classifier(int classes) -> {
        network.add(new Layer.GlobalAveragePool("global_average_pooling2d"));
        network.add(new Layer.Dense(Head.DENSE, classes));
        network.add(new Layer.Softmax("softmax"));
      }
      case Head.Transfer(int outputs, double rate) -> {
        network.add(new Layer.GlobalAveragePool("global_average_pooling2d"));
        network.add(new Layer.Dropout("dropout", rate));
        network.add(new Layer.Dense(Head.DENSE, outputs));
        network.add(outputs == 1 ? new Layer.Sigmoid("sigmoid") : new Layer.Softmax("softmax"));
      }
    }
  }

  /**
   * The block that a layer belongs to: {@code Conv1}, {@code expanded_conv}, {@code block_1} to {@code block_16} or {@code
   * Conv_1}; of the input and the head each layer is its own.
   */
  public static String block(String layer) {
    if (layer.startsWith("block_")) {
      return layer.substring(0, layer.indexOf('_', "block_".length()));
    }
    if (layer.startsWith("expanded_conv_")) {
      return "expanded_conv";
    }
    return switch (layer) {
      case "bn_Conv1", "Conv1_relu" -> "Conv1";
      case "Conv_1_bn", LAST_ACTIVATION -> "Conv_1";
      default -> layer;
    };
  }

  /** The index of the head's first layer in {@link Network#nodes()}; the number of layers if there is no head. */
  static int headStart(Network network) {
    return network.index(LAST_ACTIVATION) + 1;
  }

  private Layer.BatchNorm norm(String name) {
    return new Layer.BatchNorm(name, bnEpsilon, bnMomentum);
  }

  private static void requireExtent(String name, int extent) {
    if (extent < 1) {
      throw new IllegalArgumentException("the input's " + name + " is " + extent + ", but must be at least 1");
    }
  }
}
