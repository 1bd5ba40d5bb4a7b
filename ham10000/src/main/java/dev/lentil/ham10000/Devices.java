package dev.lentil.ham10000;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.DeviceChoice;
import dev.lentil.backend.DeviceOptions;

/** What calculates, from the name that a user gives. */
public final class Devices {
  private Devices() {}

  /**
   * As {@link DeviceChoice#of}.
   *
   * @throws BackendException if the name is none
   * @throws UserError if it is a graphics card's, and the program was started without what works on those
   */
  public static DeviceChoice of(String name, DeviceOptions options) {
    try {
      return DeviceChoice.of(name, options);
    } catch (BackendException e) {
      if (name.matches("cuda(:[0-9]{1,4})?")) {
        throw new UserError(e.getMessage()
            + "; for a graphics card set LENTIL_CUDA=1 in the environment and start ./lentil again (docs/gpu.md)", e);
      }
      throw e;
    }
  }
}
