package dev.lentil.backend.reference;

import dev.lentil.backend.Device;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Fusion;
import dev.lentil.plan.Plan;
import java.util.Optional;
import java.util.Set;

/** A device that owns nothing: every bank and executable has its own arrays. */
final class ReferenceDevice implements Device {
  private boolean closed;

  @Override
  public String describe() {
    return "reference: float64, plain Java loops, one thread";
  }

  @Override
  public Set<Fusion> fusions() {
    return Set.of();
  }

  @Override
  public ParameterBank load(Network network, Weights weights) {
    requireOpen();
    return new ReferenceBank(network, weights);
  }

  @Override
  public Executable compile(Plan plan, ParameterBank bank) {
    requireOpen();
    if (!(bank instanceof ReferenceBank own)) {
      throw new IllegalArgumentException("the parameters were not loaded on the reference device");
    }
    return new ReferenceExecutable(plan, own);
  }

  @Override
  public Optional<Device> companion() {
    requireOpen();
    return Optional.of(new ReferenceDevice());
  }

  private void requireOpen() {
    if (closed) {
      throw Device.closed();
    }
  }

  @Override
  public void close() {
    // Nothing to release: the arrays belong to the garbage collector.
    closed = true;
  }
}
