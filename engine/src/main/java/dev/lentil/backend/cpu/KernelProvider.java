package dev.lentil.backend.cpu;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.scalar.ScalarKernels;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Chooses the kernels once, when the class is first used: the Vector API where the JVM was started with
 * {@code --add-modules jdk.incubator.vector}, plain Java otherwise, with one log line that says why. The property
 * {@code lentil.cpu.species} forces a width (128, 256, 512), for tests, or {@code scalar}, which a process that makes a few
 * inferences alone has compiled sooner.
 */
public final class KernelProvider {
  /** Forces the kernels: {@code scalar}, {@code 128}, {@code 256}, {@code 512}. */
  public static final String SPECIES_PROPERTY = "lentil.cpu.species";

  private static final List<String> SPECIES = List.of("scalar", "128", "256", "512");
  private static final String VECTOR_KERNELS = "dev.lentil.backend.cpu.vector.VectorKernels";
  /** Throws when it is asked, not when this class is loaded, which would say only once what is wrong. */
  private static final Supplier<Kernels> CHOSEN = choose(Optional.ofNullable(System.getProperty(SPECIES_PROPERTY)));

  private KernelProvider() {}

  /** @throws BackendException if the property asks for what there is not */
  public static Kernels kernels() {
    return CHOSEN.get();
  }

  /**
   * What runs, and what would make it faster.
   *
   * @throws BackendException as {@link #kernels}
   */
  static String describe() {
    Kernels kernels = kernels();
    return kernels instanceof ScalarKernels || !GraalCompiler.USED
        ? kernels.describe()
        : kernels.describe() + "; " + GraalCompiler.REMEDY;
  }

  /** @param forced the property's value */
  static Supplier<Kernels> choose(Optional<String> forced) {
    if (forced.filter(width -> !SPECIES.contains(width)).isPresent()) {
      return () -> {
        throw new BackendException("the property " + SPECIES_PROPERTY + " is '" + forced.get()
            + "', but must be one of " + SPECIES + "; correct it or leave it out");
      };
    }
    Kernels kernels = forced.equals(Optional.of("scalar")) ? new ScalarKernels() : vectorised();
    return () -> kernels;
  }

  private static Kernels vectorised() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      log("no Vector API, so plain Java loops run, many times slower: "
          + "start java with --add-modules jdk.incubator.vector");
      return new ScalarKernels();
    }
    if (GraalCompiler.USED) {
      log(GraalCompiler.REMEDY);
    }
    try {
      // By name, so that nothing outside that package needs the incubating module to load.
      return (Kernels) Class.forName(VECTOR_KERNELS).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      log("the Vector API kernels cannot start (" + e + "), so plain Java loops run, many times slower");
      return new ScalarKernels();
    }
  }

  private static void log(String message) {
    System.getLogger("dev.lentil").log(Level.WARNING, message);
  }
}
