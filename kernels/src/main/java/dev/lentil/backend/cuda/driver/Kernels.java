package dev.lentil.backend.cuda.driver;

import static dev.lentil.backend.cuda.driver.CudaError.check;

import java.util.HashMap;
import java.util.Map;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** The kernels of one compiled source file. */
public final class Kernels implements AutoCloseable {
  private static final String KIND = "module";

  private final CUmodule module = new CUmodule();
  private final Map<String, CUfunction> functions = new HashMap<>();
  private final RecordingLock lock;
  private final Ledger ledger;
  private boolean open = true;

  Kernels(byte[] cubin, RecordingLock lock, Ledger ledger) {
    this.lock = lock;
    this.ledger = ledger;
    try (var _ = lock.hold()) {
      check(JCudaDriver.cuModuleLoadData(module, cubin), "load compiled kernels");
    }
    ledger.opened(KIND);
  }

  /**
   * A kernel ready to be started over and over with the same arguments.
   *
   * @param arguments in the kernel's order: {@code Long} for an address, {@code Integer}, {@code Float}, {@code Double}, or
   *     {@code int[]} for a structure of ints
   */
  public Launch launch(String kernel, Grid grid, Object... arguments) {
    CUfunction function = functions.computeIfAbsent(kernel, name -> {
      CUfunction found = new CUfunction();
      // Here at the latest the driver loads the kernel.
      try (var _ = lock.hold()) {
        check(JCudaDriver.cuModuleGetFunction(found, module, name), "find kernel " + name);
      }
      return found;
    });
    return new Launch(kernel, function, grid, arguments);
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      ledger.closed(KIND);
      try (var _ = lock.hold()) {
        check(JCudaDriver.cuModuleUnload(module), "unload kernels");
      }
    }
  }
}
