package dev.lentil.backend.reference;

import dev.lentil.backend.Availability;
import dev.lentil.backend.Backend;
import dev.lentil.backend.Device;
import dev.lentil.backend.DeviceOptions;

/** The reference backend: float64 and textbook loops. It is available everywhere, and slow. */
public final class ReferenceBackend implements Backend {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public Availability probe() {
    return new Availability.Available("float64, plain Java loops");
  }

  /** Threads do not matter: it runs in the calling one. */
  @Override
  public Device open(DeviceOptions options) {
    options.requireFloat32(name());
    return new ReferenceDevice();
  }
}
