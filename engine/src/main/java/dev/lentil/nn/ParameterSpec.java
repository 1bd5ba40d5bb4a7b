package dev.lentil.nn;

import dev.lentil.tensor.Shape;

/**
 * One parameter of a network.
 *
 * @param name the layer's name and Keras's name for the variable: {@code block_3_depthwise/depthwise_kernel}
 */
public record ParameterSpec(String name, String layer, Role role, Shape shape) {

  /** What the parameter is for. */
  public enum Role {
    KERNEL, BIAS, GAMMA, BETA, MOVING_MEAN, MOVING_VARIANCE;

    /** Whether an optimiser may ever change it; moving statistics are changed by the forward pass instead. */
    public boolean learned() {
      return this != MOVING_MEAN && this != MOVING_VARIANCE;
    }
  }

  /** @throws IllegalArgumentException if values of another shape are given for the parameter */
  public void requireShape(Shape given) {
    if (!given.equals(shape)) {
      throw new IllegalArgumentException("parameter '" + name + "' is " + shape + ", got a tensor of " + given);
    }
  }
}
