package dev.lentil.backend;

import dev.lentil.plan.Plan;
import dev.lentil.tensor.Tensor;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** A plan bound to a device and a parameter bank. */
public interface Executable extends AutoCloseable {
  Plan plan();

  /**
   * Runs the plan on a batch.
   *
   * @param batch of exactly the plan's size
   * @throws IllegalArgumentException if a tensor of the batch has another shape than the plan needs, or the plan updates
   *     parameters and the state's step is below 1
   * @throws BackendException if there is no room for what the plan needs; a smaller batch needs less
   * @throws IllegalStateException after {@link #close}; on a card also when the parameters or the device are closed
   */
  void run(Batch batch, RunState state);

  /**
   * Runs the plan as {@link #run} does, and says how long each step took on the device. Telling takes time itself, so the sum may
   * be more than a run takes.
   *
   * @return microseconds: what comes before the first step, then each of the plan's steps; empty, and nothing has run, if the
   *     device cannot tell
   * @throws IllegalArgumentException as {@link #run}
   * @throws IllegalStateException as {@link #run}
   */
  default Optional<double[]> runTimed(Batch batch, RunState state) {
    return Optional.empty();
  }

  /**
   * A copy of a kept output, {@code [n,...]}, from this executable's last run, which later runs do not change. A device that works
   * beside the host need not have finished the run: asking the supplier waits for that. So such a device can be given the next
   * run before the last one is read, and need not wait for the host.
   *
   * <p>Call this before another executable of the same device is compiled or runs, since they share memory. The supplier may be
   * asked at any time after.
   *
   * @param layer one of the plan's taps
   * @throws IllegalStateException if the device has no longer, or not yet, what a run left; it need not notice
   */
  Supplier<Tensor> readLater(String layer);

  /** The loss of the last run of a training plan, as {@link #readLater} gives it. */
  DoubleSupplier lossLater();

  /** As {@link #readLater}, at once. */
  default Tensor read(String layer) {
    return readLater(layer).get();
  }

  /** As {@link #lossLater}, at once. */
  default double loss() {
    return lossLater().getAsDouble();
  }

  /** What {@link #run} throws after {@link #close}. */
  static IllegalStateException closed() {
    return new IllegalStateException("the executable is closed; compile the plan again to run it");
  }

  @Override
  void close();
}
