package dev.lentil.nn;

import dev.lentil.tensor.Shape;

/**
 * One layer as data. The set is closed, so code that visits all layers (shapes, parameters, planning, summary) is an
 * exhaustive {@code switch}. Activations are NHWC. Names and defaults are Keras's.
 */
public sealed interface Layer {
  /** Unique within the network; also the name of the layer's output. */
  String name();

  /** The image that enters: {@code [h,w,c]}. */
  record Input(String name, Shape shape) implements Layer {}

  /** Convolution, kernel HWIO {@code [kernel,kernel,in,filters]}. Keras {@code Conv2D}. */
  record Conv2d(String name, int filters, int kernel, int stride, Padding padding, boolean bias) implements Layer {
    public Conv2d {
      requirePositive(name, "filters", filters);
      requirePositive(name, "kernel", kernel);
      requirePositive(name, "stride", stride);
    }

    /** A 1x1 convolution without bias. */
    public static Conv2d pointwise(String name, int filters) {
      return new Conv2d(name, filters, 1, 1, Padding.VALID, false);
    }
  }

  /** One kernel per channel, no bias: {@code [kernel,kernel,c,1]}. Keras {@code DepthwiseConv2D}. */
  record DepthwiseConv2d(String name, int kernel, int stride, Padding padding) implements Layer {
    public DepthwiseConv2d {
      requirePositive(name, "kernel", kernel);
      requirePositive(name, "stride", stride);
    }
  }

  /**
   * Batch normalisation over all axes but the channels. Its behaviour in training depends on {@link BatchNormMode}, not on
   * the layer.
   *
   * @param epsilon what is added to the variance: above 0 and at most 0.5, so that it is not confused with the momentum
   * @param momentum the share of the old moving statistics that an update keeps, 0 to 1 (Keras's sense; PyTorch's is 1 minus
   *     it)
   */
  record BatchNorm(String name, double epsilon, double momentum) implements Layer {
    private static final double LARGEST_EPSILON = 0.5;

    public BatchNorm {
      if (!(epsilon > 0 && epsilon <= LARGEST_EPSILON)) {
        throw new IllegalArgumentException(
            "layer " + name + ": epsilon is " + epsilon + ", but must be above 0 and at most "
                + LARGEST_EPSILON + "; the order is name, epsilon, momentum");
      }
      if (!(momentum >= 0 && momentum <= 1)) {
        throw new IllegalArgumentException("layer " + name + ": momentum is " + momentum
            + ", but must be from 0 to 1; the order is name, epsilon, momentum");
      }
    }
  }

  /** {@code min(max(x, 0), 6)}; its gradient is zero at exactly 0 and 6. */
  record Relu6(String name) implements Layer {}

  /** The sum of two tensors of one shape. */
  record Add(String name) implements Layer {}

  /** {@code [h,w,c]} to {@code [c]}, the mean over the pixels. */
  record GlobalAveragePool(String name) implements Layer {}

  /** Inverted dropout: in training an element becomes 0 with probability {@code rate}, otherwise it is divided by {@code 1-rate}. */
  record Dropout(String name, double rate) implements Layer {
    public Dropout {
      if (!(rate >= 0 && rate < 1)) {
        throw new IllegalArgumentException("layer " + name + ": dropout rate " + rate + " is not in [0,1)");
      }
    }
  }

  /** Matrix product and bias, {@code [in]} to {@code [units]}; kernel {@code [in,units]}. Keras {@code Dense}. */
  record Dense(String name, int units) implements Layer {
    public Dense {
      requirePositive(name, "units", units);
    }
  }

  /** {@code 1 / (1 + exp(-x))}. As a head: the loss is taken from the logits before it. */
  record Sigmoid(String name) implements Layer {}

  /** {@code exp(x_i) / sum_j exp(x_j)} over the channels. As a head: the loss is taken from the logits before it. */
  record Softmax(String name) implements Layer {}

  private static void requirePositive(String name, String field, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("layer " + name + ": " + field + " is " + value + ", but must be at least 1");
    }
  }
}
