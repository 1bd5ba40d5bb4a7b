package dev.lentil.backend;

import dev.lentil.plan.Plan;
import dev.lentil.tensor.Tensor;
import java.util.Optional;

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
   * Runs the plan as {@link #run} does, and says how long each step took on the device. Telling takes time itself, so the sum may
   * be more than a run takes.
   *
   * @return microseconds: what comes before the first step, then each of the plan's steps; empty, and nothing has run, if the
   *     device cannot tell
   * @throws IllegalArgumentException as {@link #run}
   */
  default Optional<double[]> runTimed(Batch batch, RunState state) {
    return Optional.empty();
  }

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
