package dev.lentil.backend;

import dev.lentil.plan.Plan;
import dev.lentil.tensor.Tensor;

/** A plan bound to a device and a parameter bank. */
public interface Executable extends AutoCloseable {
  Plan plan();

  /**
   * Runs the plan on a batch.
   *
   * @param batch of exactly the plan's size
   * @throws IllegalArgumentException if a tensor of the batch has another shape than the plan needs
   */
  void run(Batch batch, RunState state);

  /**
   * A copy of a kept output, {@code [n,...]}, from this executable's last run. Valid until another executable of the same
   * device runs, since they share memory.
   *
   * @param layer one of the plan's taps
   */
  Tensor read(String layer);

  /** The loss of the last run of a training plan. */
  double loss();

  @Override
  void close();
}
