package dev.lentil.backend;

import dev.lentil.image.ByteImages;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Fusion;
import dev.lentil.plan.Plan;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An opened backend: it owns threads or a GPU context, and the memory that its executables share. One executable of a
 * device runs at a time; a device is not thread-safe. What is to run beside it runs on its {@link #companion}.
 */
public interface Device extends AutoCloseable {
  /** One line for people: what runs, on what. */
  String describe();

  /** The fused steps it has; a plan for this device may hold no others. */
  Set<Fusion> fusions();

  /**
   * Puts parameters on the device.
   *
   * @param weights must hold every parameter of the network, in its shape
   * @throws IllegalArgumentException naming the parameters that do not fit
   * @throws IllegalStateException after {@link #close}
   */
  ParameterBank load(Network network, Weights weights);

  /**
   * Makes a plan ready to run on parameters of this device. Several plans (batch sizes, training and evaluation) may share
   * one bank; what one changes the others see.
   *
   * @throws IllegalArgumentException if the parameters are of a device that this one shares none with, or of a network with other
   *     layers than the plan's
   * @throws BackendException if there is no room for what the plan needs; some devices find that out in the first run
   * @throws IllegalStateException after {@link #close}
   */
  Executable compile(Plan plan, ParameterBank bank);

  /**
   * Another device that runs while this one does, in another thread of the caller's: with as many threads of its own and with
   * activations of its own, but on the same parameters. It takes the banks of this one, what is made of them (packed or
   * folded) included, so that they are in memory once. Nothing may write a bank while an executable runs on it. Each is
   * closed by itself.
   *
   * @return empty if the device runs one thing at a time
   * @throws IllegalStateException after {@link #close}
   */
  default Optional<Device> companion() {
    return Optional.empty();
  }

  /**
   * Copies images into the device's own memory, so that a batch can name them ({@link BatchImages.Stored}) instead of
   * carrying them. Plans may share a store.
   *
   * @param beside what must have room as well
   * @return empty if the device has no memory of its own, or not enough, which a log line then says
   */
  default Optional<ImageStore> store(ByteImages images, List<Plan> beside) {
    return Optional.empty();
  }

  /** What {@link #load}, {@link #compile} and {@link #companion} throw after {@link #close}. */
  static IllegalStateException closed() {
    return new IllegalStateException("the device is closed; open it again");
  }

  @Override
  void close();
}
