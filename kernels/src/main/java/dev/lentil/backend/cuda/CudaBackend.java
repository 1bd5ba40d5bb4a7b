package dev.lentil.backend.cuda;

import dev.lentil.backend.Availability;
import dev.lentil.backend.Backend;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;

/** Plans on an NVIDIA card. */
public final class CudaBackend implements Backend {
  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public Availability probe() {
    return CudaProbe.answer();
  }

  @Override
  public Device open(DeviceOptions options) {
    return CudaDevice.open(options);
  }
}
