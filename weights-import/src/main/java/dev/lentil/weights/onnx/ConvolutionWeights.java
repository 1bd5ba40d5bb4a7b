package dev.lentil.weights.onnx;

import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Shape;
import java.util.Optional;

/**
 * A convolution's kernel and bias as ONNX has them, with the batch normalisation after it folded in if there is one:
 * {@code w' = w s} and {@code bias' = beta + (bias - mean) s} with {@code s = gamma / sqrt(variance + epsilon)} for each
 * output channel, calculated in float64 and rounded once.
 *
 * @param shape of the kernel, {@code [out,in,kh,kw]}; {@code [c,1,kh,kw]} for a depthwise convolution
 * @param kernel the kernel's values
 * @param bias {@code [out]}; empty if there is neither a bias nor a normalisation
 */
public record ConvolutionWeights(Shape shape, float[] kernel, Optional<float[]> bias) {

  /**
   * @param layer a {@link Layer.Conv2d} or {@link Layer.DepthwiseConv2d}
   * @param norm the normalisation to fold in
   */
  public static ConvolutionWeights of(Network network, Weights weights, Layer layer, Optional<Layer.BatchNorm> norm) {
    String name = layer.name();
    int outputs = network.shape(name).extent(-1);
    boolean biased = layer instanceof Layer.Conv2d conv && conv.bias();
    double[] bias = biased ? weights.get(name + "/bias").doubles().clone() : new double[outputs];
    double[] scale = new double[outputs];
    for (int o = 0; o < outputs; o++) {
      scale[o] = 1;
    }
    norm.ifPresent(batchNorm -> {
      double[] gamma = weights.get(batchNorm.name() + "/gamma").doubles();
      double[] beta = weights.get(batchNorm.name() + "/beta").doubles();
      double[] mean = weights.get(batchNorm.name() + "/moving_mean").doubles();
      double[] variance = weights.get(batchNorm.name() + "/moving_variance").doubles();
      for (int o = 0; o < outputs; o++) {
        scale[o] = gamma[o] / Math.sqrt(variance[o] + batchNorm.epsilon());
        bias[o] = beta[o] + (bias[o] - mean[o]) * scale[o];
      }
    });
    double[] kernel = weights.get(network.parameters(name).getFirst().name()).doubles();
    Shape from = weights.get(network.parameters(name).getFirst().name()).shape();
    Optional<float[]> written = biased || norm.isPresent() ? Optional.of(rounded(bias)) : Optional.empty();
    return switch (layer) {
      case Layer.Conv2d _ -> new ConvolutionWeights(
          Shape.of(from.extent(3), from.extent(2), from.extent(0), from.extent(1)),
          outermost(kernel, from.extent(0) * from.extent(1), from.extent(2), scale), written);
      case Layer.DepthwiseConv2d _ -> new ConvolutionWeights(
          Shape.of(from.extent(2), 1, from.extent(0), from.extent(1)),
          outermost(kernel, from.extent(0) * from.extent(1), 1, scale), written);
      default -> throw new IllegalArgumentException("layer '" + name + "' is not a convolution");
    };
  }

  /** {@code [taps,in,out]} to {@code [out,in,taps]}, each output channel times its scale. */
  private static float[] outermost(double[] kernel, int taps, int in, double[] scale) {
    int out = scale.length;
    float[] moved = new float[kernel.length];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        for (int t = 0; t < taps; t++) {
          moved[(o * in + i) * taps + t] = (float) (kernel[(t * in + i) * out + o] * scale[o]);
        }
      }
    }
    return moved;
  }

  private static float[] rounded(double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }
}
