package dev.lentil.nn;

import dev.lentil.random.Philox;
import dev.lentil.random.RandomUse;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Initial values of a network's parameters, by Keras's defaults: kernels are Glorot-uniform, biases are zero, and batch
 * normalisation is the identity. The values of a parameter depend only on the seed and on its number within the network.
 * Source: Glorot and Bengio 2010, equation 16; Keras random_initializers.py, {@code compute_fans}.
 */
public final class Initializer {
  private Initializer() {}

  /** Float32 values for every parameter of a network. */
  public static Weights weights(Network network, long seed) {
    var tensors = new LinkedHashMap<String, Tensor>();
    List<ParameterSpec> specs = network.parameters();
    for (int i = 0; i < specs.size(); i++) {
      tensors.put(specs.get(i).name(), value(specs.get(i), seed, i));
    }
    return new Weights(tensors);
  }

  private static Tensor value(ParameterSpec spec, long seed, int number) {
    float[] values = new float[spec.shape().size()];
    switch (spec.role()) {
      case KERNEL -> {
        Philox random = Philox.at(seed, 0, 0, RandomUse.INITIALISATION.operation(number));
        random.fillUniform(0, values, 0, values.length);
        float limit = (float) glorotLimit(spec.shape());
        for (int i = 0; i < values.length; i++) {
          values[i] = limit * (2 * values[i] - 1);
        }
      }
      case GAMMA, MOVING_VARIANCE -> Arrays.fill(values, 1);
      case BIAS, BETA, MOVING_MEAN -> {}
    }
    return Tensor.of(spec.shape(), values);
  }

  /**
   * The bound of the uniform distribution, {@code sqrt(6 / (fanIn + fanOut))}. As in Keras the last two extents are
   * inputs and outputs, each times the kernel's area; so a depthwise kernel {@code [k,k,c,1]} has the fans of c inputs
   * and 1 output.
   */
  static double glorotLimit(Shape kernel) {
    double area = 1;
    for (int axis = 0; axis < kernel.rank() - 2; axis++) {
      area *= kernel.extent(axis);
    }
    return Math.sqrt(6 / (area * kernel.extent(-2) + area * kernel.extent(-1)));
  }
}
