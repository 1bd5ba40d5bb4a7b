package dev.lentil.backend;

import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.tensor.Tensor;

/**
 * A network's parameters on a device, with the gradients and the optimiser's memory that belong to them. Reading copies.
 */
public interface ParameterBank extends AutoCloseable {
  Network network();

  /** Rises with every change, so that whatever was derived from the parameters (packed or folded) can be renewed. */
  long version();

  Tensor read(String parameter);

  /**
   * Sets one parameter.
   *
   * @throws IllegalArgumentException if the shape differs
   */
  void write(String parameter, Tensor value);

  /** The gradient that the last training run left; only for parameters that it trained. */
  Tensor readGradient(String parameter);

  /** Sets the gradient that the next update alone ({@link dev.lentil.plan.Planner#update}) will use. */
  void writeGradient(String parameter, Tensor value);

  /** One of the optimiser's {@link dev.lentil.nn.Optimizer#slots()} for one parameter; zeros before the first update. */
  Tensor readSlot(int slot, String parameter);

  void writeSlot(int slot, String parameter, Tensor value);

  /** Forgets the optimiser's memory: a new stage starts with fresh moments. */
  void resetSlots();

  /** A copy of all parameters. */
  Weights snapshot();

  /**
   * A mean that starts with these values and takes in the parameters whenever it is told to.
   *
   * @param start may be float64; not changed
   */
  ParameterAverage average(Weights start);

  @Override
  void close();
}
