package dev.lentil.backend;

import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Plan;
import dev.lentil.tensor.Tensor;

/**
 * A network's parameters on a device, with the gradients and the optimiser's memory that belong to them. Reading copies. Not
 * thread-safe, except that inferences may run on it at the same time ({@link Device#companion}).
 */
public interface ParameterBank extends AutoCloseable {
  /** The most slots that an {@link dev.lentil.nn.Optimizer} has. */
  int SLOTS = 2;

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

  /**
   * The gradient that the last training run left.
   *
   * @throws IllegalArgumentException if none has calculated it, and it was not written
   */
  Tensor readGradient(String parameter);

  /** Sets the gradient that the next update alone ({@link dev.lentil.plan.Planner#update}) will use. */
  void writeGradient(String parameter, Tensor value);

  /**
   * One of the optimiser's {@link dev.lentil.nn.Optimizer#slots()} for one parameter; zeros before the first update.
   *
   * @throws IllegalArgumentException if no optimiser has this slot
   */
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

  /** Checks the number of a slot, and returns it. */
  static int requireSlot(int slot) {
    if (slot < 0 || slot >= SLOTS) {
      throw new IllegalArgumentException("an optimiser has slots 0 to " + (SLOTS - 1) + ", not " + slot);
    }
    return slot;
  }

  /**
   * Checks that a plan can run on these parameters: the networks need not be the same object, but their layers must be alike.
   *
   * @throws IllegalArgumentException if they differ
   */
  default void requireFits(Plan plan) {
    if (!plan.network().nodes().equals(network().nodes())) {
      throw new IllegalArgumentException("the plan and the parameters belong to different networks, of "
          + plan.network().nodes().size() + " and " + network().nodes().size()
          + " layers; make the plan for the network "
          + "that the parameters were loaded for, bank.network()");
    }
  }

  @Override
  void close();
}
