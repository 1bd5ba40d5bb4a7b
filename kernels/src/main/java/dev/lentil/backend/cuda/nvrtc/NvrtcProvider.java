package dev.lentil.backend.cuda.nvrtc;

import dev.lentil.backend.cuda.driver.BindingChoice;
import java.util.Optional;
import jcuda.nvrtc.JNvrtc;

/** Chooses how NVRTC is called: JCuda, or the Foreign Function and Memory API. */
public final class NvrtcProvider {
  private static final String REMEDY = "Install NVIDIA's NVRTC (package cuda-nvrtc-13-0, or pip install "
      + "nvidia-cuda-nvrtc), or set LENTIL_CUDA_PATH to the folder that holds it";

  private NvrtcProvider() {}

  /**
   * Opens the best that this machine has; needs no card.
   *
   * @throws dev.lentil.backend.BackendException if there is no NVRTC, with the remedy
   */
  public static Nvrtc open() {
    BindingChoice choice = choose();
    return switch (choice.binding()) {
      case JCUDA -> new JCudaNvrtc();
      case NATIVE -> new NativeNvrtc(choice.library());
    };
  }

  /** What {@link #open} uses. */
  public static BindingChoice choose() {
    return BindingChoice.of("nvrtc", REMEDY, () -> Loaded.PROBLEM);
  }

  /** JNvrtc, loaded when first asked for. */
  private static final class Loaded {
    static final Optional<String> PROBLEM = BindingChoice.problemOf(() -> JNvrtc.setExceptionsEnabled(false));
  }
}
