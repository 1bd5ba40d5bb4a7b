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
 * device runs at a time; a device is not thread-safe.
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
   */
  ParameterBank load(Network network, Weights weights);

  /**
   * Makes a plan ready to run on parameters of this device. Several plans (batch sizes, training and evaluation) may share
   * one bank; what one changes the others see.
   *
   * @throws IllegalArgumentException if the parameters are another device's, or of a network with other layers than the plan's
   */
  Executable compile(Plan plan, ParameterBank bank);

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

  @Override
  void close();
}
