package dev.lentil.bench.contender;

import dev.lentil.nn.Network;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.SplittableRandom;

/**
 * A batch of images that every contender gets, each in its own layout.
 *
 * @param nhwc {@code [n,h,w,c]}, values of -1 to 1
 */
public record Images(Tensor nhwc) {

  /** Random images of the size that a network takes. */
  public static Images random(Network network, int n, long seed) {
    Shape shape = network.shape(network.inputNode().name()).batched(n);
    var random = new SplittableRandom(seed);
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return new Images(Tensor.of(shape, values));
  }

  public int count() {
    return nhwc.shape().extent(0);
  }

  /** {@code {n, c, h, w}}. */
  long[] planesShape() {
    Shape shape = nhwc.shape();
    return new long[] {shape.extent(0), shape.extent(3), shape.extent(1), shape.extent(2)};
  }

  /** The values as {@code [n,c,h,w]}. */
  float[] planes() {
    Shape shape = nhwc.shape();
    int pixels = shape.extent(1) * shape.extent(2);
    int channels = shape.extent(3);
    float[] from = nhwc.floats();
    float[] planes = new float[from.length];
    for (int i = 0; i < count(); i++) {
      int image = i * pixels * channels;
      for (int p = 0; p < pixels; p++) {
        for (int c = 0; c < channels; c++) {
          planes[image + c * pixels + p] = from[image + p * channels + c];
        }
      }
    }
    return planes;
  }
}
