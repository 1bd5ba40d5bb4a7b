package dev.lentil.bench.contender;

import dev.lentil.nn.Layer;
import dev.lentil.nn.Network;
import dev.lentil.nn.ParameterSpec;
import java.util.Arrays;

/**
 * How a parameter of Lentil lies in PyTorch: convolution kernels {@code [out,in,kh,kw]} instead of
 * {@code [kh,kw,in,out]}, depthwise kernels {@code [c,1,kh,kw]} instead of {@code [kh,kw,c,1]}, everything else alike.
 *
 * @param shape in PyTorch
 * @param taps elements of the kernel's window; 1 for what is no kernel of a convolution
 */
record TorchLayout(long[] shape, int taps, int in, int out) {

  static TorchLayout of(Network network, ParameterSpec spec) {
    int[] own = spec.shape().toArray();
    if (own.length != 4) {
      return new TorchLayout(Arrays.stream(own).asLongStream().toArray(), 1, 1, spec.shape().size());
    }
    boolean depthwise = network.node(spec.layer()).layer() instanceof Layer.DepthwiseConv2d;
    int in = depthwise ? 1 : own[2];
    int out = depthwise ? own[2] : own[3];
    return new TorchLayout(new long[] {out, in, own[0], own[1]}, own[0] * own[1], in, out);
  }

  float[] toTorch(float[] values) {
    float[] moved = new float[values.length];
    for (int t = 0; t < taps; t++) {
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < out; o++) {
          moved[(o * in + i) * taps + t] = values[(t * in + i) * out + o];
        }
      }
    }
    return moved;
  }

  float[] toLentil(float[] values) {
    float[] moved = new float[values.length];
    for (int t = 0; t < taps; t++) {
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < out; o++) {
          moved[(t * in + i) * out + o] = values[(o * in + i) * taps + t];
        }
      }
    }
    return moved;
  }
}
