package dev.lentil.backend.cpu;

import dev.lentil.backend.cpu.kernels.Kernels;
import dev.lentil.backend.cpu.scalar.ScalarKernels;
import java.lang.System.Logger.Level;
import java.util.List;

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
  private static final Kernels CHOSEN = choose();

  private KernelProvider() {}

  public static Kernels kernels() {
    return CHOSEN;
  }

  private static Kernels choose() {
    String forced = System.getProperty(SPECIES_PROPERTY);
    if (forced != null && !SPECIES.contains(forced)) {
      throw new IllegalArgumentException(
          "property " + SPECIES_PROPERTY + " is '" + forced + "', but must be one of " + SPECIES);
    }
    if ("scalar".equals(forced)) {
      return new ScalarKernels();
    }
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      log("no Vector API, so plain Java loops run, many times slower: "
          + "start java with --add-modules jdk.incubator.vector");
      return new ScalarKernels();
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
