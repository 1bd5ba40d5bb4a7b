package dev.lentil.backend.cuda.driver;

import dev.lentil.backend.BackendException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How one of NVIDIA's libraries is called: through JCuda, which is made for CUDA 12, where that can load, otherwise through
 * the JDK's Foreign Function and Memory API, which calls any version.
 *
 * @param why the reason, for people
 */
public record BindingChoice(CudaLibraries.Found library, Binding binding, String why) {
  /** With the value {@code native} JCuda's classes for cuBLAS and NVRTC are not used; for tests. */
  public static final String PROPERTY = "lentil.cuda.bindings";

  /** The major version of CUDA that JCuda's libraries need. */
  private static final int JCUDA_VERSION = 12;

  /** The two ways to call a library. */
  public enum Binding { JCUDA, NATIVE }

  /**
   * Chooses.
   *
   * @param stem {@code cublas} for {@code libcublas.so}
   * @param remedy what to do where there is none
   * @param jcudaProblem why JCuda's class cannot be used, asked for only if the version fits
   * @throws BackendException if there is no such library
   */
  public static BindingChoice of(String stem, String remedy, Supplier<Optional<String>> jcudaProblem) {
    CudaLibraries.Found found = CudaLibraries.load(stem, 12, 13).orElseThrow(() -> new BackendException(
        "neither lib" + stem + ".so.12 nor lib" + stem + ".so.13 is to be found. " + remedy));
    if ("native".equals(System.getProperty(PROPERTY))) {
      return new BindingChoice(found, Binding.NATIVE, "as the property " + PROPERTY + " wants");
    }
    if (found.version() != JCUDA_VERSION) {
      return new BindingChoice(found, Binding.NATIVE, "since JCuda is made for CUDA " + JCUDA_VERSION);
    }
    return jcudaProblem.get()
        .map(problem -> new BindingChoice(found, Binding.NATIVE, "since JCuda cannot load: " + problem))
        .orElseGet(() -> new BindingChoice(found, Binding.JCUDA, "since CUDA " + JCUDA_VERSION + " is installed"));
  }

  /** For people: {@code libcublas.so.13 through the Foreign Function and Memory API, since ...}. */
  public String text() {
    return library.name() + switch (binding) {
      case JCUDA -> " through JCuda, ";
      case NATIVE -> " through the Foreign Function and Memory API, ";
    } + why;
  }

  /** Why a JCuda class cannot be used: what its first use ends in, in one line. */
  public static Optional<String> problemOf(Runnable firstUse) {
    try {
      JCudaNatives.load(firstUse);
      return Optional.empty();
    } catch (UnsatisfiedLinkError e) {
      return Optional.of(String.valueOf(e.getMessage()).lines().findFirst().orElse("it does not say why"));
    }
  }
}
