package dev.lentil.backend.cuda.driver;

import jcuda.Pointer;

/** An address in device memory as JCuda's type, which keeps its own to JCuda's classes and their children. */
public final class DevicePointer extends Pointer {
  public DevicePointer(long address) {
    super(address);
  }
}
