package dev.lentil.backend.cpu;

import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.Executable;
import dev.lentil.backend.ParameterBank;
import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.nn.Network;
import dev.lentil.nn.Weights;
import dev.lentil.plan.Fusion;
import dev.lentil.plan.Plan;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Threads, kernels, and the memory that the executables share, since only one of them runs at a time. */
final class CpuDevice implements Device {
  private final Kernels kernels;
  private final Workers workers;
  private final Memory memory = new Memory();
  private final Memory callersScratch = new Memory();
  private boolean closed;

  CpuDevice(DeviceOptions options, Kernels kernels) {
    this.kernels = kernels;
    workers = new Workers(options.threads());
  }

  @Override
  public String describe() {
    return "cpu: " + kernels.describe() + ", " + workers.count() + (workers.count() == 1 ? " thread" : " threads");
  }

  @Override
  public Set<Fusion> fusions() {
    // There are no kernels for it: inverted residuals are one step as a whole here.
    return EnumSet.complementOf(EnumSet.of(Fusion.RECTIFIED_DEPTHWISE));
  }

  @Override
  public ParameterBank load(Network network, Weights weights) {
    requireOpen();
    return new CpuParameters(network, weights.matching(network));
  }

  @Override
  public Executable compile(Plan plan, ParameterBank bank) {
    requireOpen();
    if (!(bank instanceof CpuParameters parameters)) {
      throw new IllegalArgumentException("the parameters were loaded on another backend");
    }
    return new CpuExecutable(plan, parameters, kernels, workers, memory, callersScratch);
  }

  @Override
  public Optional<Device> companion() {
    requireOpen();
    return Optional.of(new CpuDevice(new DeviceOptions(workers.count()), kernels));
  }

  /** Without its threads all would still run, but on the caller's alone, and nobody would know why it is slow. */
  private void requireOpen() {
    if (closed) {
      throw Device.closed();
    }
  }

  @Override
  public void close() {
    closed = true;
    workers.close();
  }
}
