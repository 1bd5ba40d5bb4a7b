package dev.lentil.backend.cuda;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.Precision;
import dev.lentil.backend.cuda.driver.Closing;
import dev.lentil.backend.cuda.driver.DeviceInfo;
import dev.lentil.backend.cuda.driver.Driver;
import dev.lentil.backend.cuda.driver.Grid;
import dev.lentil.backend.cuda.driver.Kernels;
import dev.lentil.backend.cuda.nvrtc.KernelCache;
import dev.lentil.backend.cuda.nvrtc.KernelSource;
import dev.lentil.backend.cuda.nvrtc.Nvrtc;
import dev.lentil.backend.cuda.nvrtc.NvrtcProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lentil's own kernels on one card, in one precision: each source file compiled and loaded when first used. */
final class KernelLibrary implements AutoCloseable {
  private final Driver driver;
  private final KernelCache cache;
  private final List<String> options;
  private final Map<String, Kernels> loaded = new HashMap<>();

  KernelLibrary(Driver driver, Precision precision) {
    this.driver = driver;
    Nvrtc compiler = NvrtcProvider.open();
    cache = new KernelCache(KernelCache.defaultFolder(), compiler, String.valueOf(driver.info().driverVersion()));
    options = options(architecture(driver.info(), compiler), precision);
  }

  /** What NVRTC is told, for one architecture. */
  static List<String> options(int architecture, Precision precision) {
    var options = new ArrayList<>(List.of("--gpu-architecture=sm_" + architecture));
    if (precision == Precision.BFLOAT16) {
      options.add("-DLENTIL_BF16");
    }
    return options;
  }

  /** The nearest that the compiler knows: machine code runs on later cards of the same generation too. */
  static int architecture(DeviceInfo card, Nvrtc compiler) {
    return compiler.architectures().stream().mapToInt(Integer::intValue)
        .filter(known -> known <= card.architecture() && known / 10 == card.architecture() / 10).max()
        .orElseThrow(() -> new BackendException(compiler.version() + " cannot compile for " + card.text()
            + "; it knows the architectures " + compiler.architectures()
            + ". Install a newer NVRTC, or for a card older than all of them an older one"));
  }

  /** A kernel of one of the {@code .cu} files with its arguments; see {@link Kernels#launch}. */
  Op launch(String file, String kernel, Grid grid, Object... arguments) {
    return loaded.computeIfAbsent(file, name -> driver.kernels(cache.get(KernelSource.of(name), options)))
        .launch(kernel, grid, arguments)::enqueue;
  }

  @Override
  public void close() {
    try (var owned = new Closing()) {
      loaded.values().forEach(owned::add);
      loaded.clear();
    }
  }
}
