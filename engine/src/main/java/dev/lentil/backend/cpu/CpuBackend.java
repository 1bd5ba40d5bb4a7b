package dev.lentil.backend.cpu;

import dev.lentil.backend.Availability;
import dev.lentil.backend.Backend;
import dev.lentil.backend.BackendException;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;

/** float32 on the processor: the Vector API where there is one, several threads, no native library. */
public final class CpuBackend implements Backend {
  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public Availability probe() {
    try {
      return new Availability.Available(KernelProvider.describe());
    } catch (BackendException e) {
      return new Availability.Unavailable(e.getMessage());
    }
  }

  @Override
  public Device open(DeviceOptions options) {
    options.requireFloat32(name());
    return new CpuDevice(options, KernelProvider.kernels());
  }
}
