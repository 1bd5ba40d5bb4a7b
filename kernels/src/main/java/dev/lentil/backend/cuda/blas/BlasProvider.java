package dev.lentil.backend.cuda.blas;

import dev.lentil.backend.cuda.driver.BindingChoice;
import dev.lentil.backend.cuda.driver.DeviceMemory;
import dev.lentil.backend.cuda.driver.Driver;
import dev.lentil.backend.cuda.driver.Stream;
import java.util.Optional;
import jcuda.jcublas.JCublas2;
import jcuda.runtime.JCuda;

/** Chooses how cuBLAS is called: JCublas, or the Foreign Function and Memory API. */
public final class BlasProvider {
  private static final String REMEDY =
      "Install NVIDIA's cuBLAS (package libcublas-13-0, or pip install nvidia-cublas), or "
          + "set LENTIL_CUDA_PATH to the folder that holds it";

  private BlasProvider() {}

  /**
   * Opens the best that this machine has.
   *
   * @param workspace lent to cuBLAS, so that it takes none by itself while a graph is recorded
   * @throws dev.lentil.backend.BackendException if there is no cuBLAS, with the remedy
   */
  public static Blas open(Driver driver, Stream stream, DeviceMemory workspace, Arithmetic arithmetic) {
    BindingChoice choice = choose();
    return switch (choice.binding()) {
      case JCUDA -> new JCublas(driver, stream, workspace, arithmetic);
      case NATIVE -> new NativeCublas(choice.library(), driver, stream, workspace, arithmetic);
    };
  }

  /** What {@link #open} uses; needs no card. */
  public static BindingChoice choose() {
    return BindingChoice.of("cublas", REMEDY, () -> Loaded.PROBLEM);
  }

  /** JCublas, loaded when first asked for. */
  private static final class Loaded {
    static final Optional<String> PROBLEM = BindingChoice.problemOf(() -> {
      JCuda.setExceptionsEnabled(false);
      JCublas2.setExceptionsEnabled(false);
    });
  }
}
