package dev.lentil.backend.cuda.driver;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds NVIDIA's shared libraries. Looked through in this order: the folders of the property {@code lentil.cuda.path}, those
 * of the environment's {@code LENTIL_CUDA_PATH}, {@code CUDA_HOME} and {@code CUDA_PATH}, the places where toolkits and
 * Python packages put them, and at last what the system's loader finds by itself.
 *
 * <p>A library that is found in a folder is loaded from there; whatever is loaded later and needs one of that name (JCuda's
 * own libraries do) gets it, wherever it lies. So no {@code LD_LIBRARY_PATH} is necessary.
 */
public final class CudaLibraries {
  /** Folders to look in first, separated as on the class path. */
  public static final String PATH_PROPERTY = "lentil.cuda.path";

  private static final String DRIVER = "cuda";
  private static final String PATH_VARIABLE = "LENTIL_CUDA_PATH";
  private static final List<String> PLACES =
      List.of("/usr/local/cuda/lib64", "/usr/local/cuda/targets/x86_64-linux/lib",
          "/opt/cuda/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib64");

  /**
   * What a library asks the system's loader for by name, at the latest when it is used. It lies beside the library, where
   * the loader does not look, so it is loaded first.
   */
  private static final Map<String, String> COMPANIONS = Map.of("cublas", "cublasLt", "nvrtc", "nvrtc-builtins");

  private CudaLibraries() {}

  /**
   * A library that could be loaded.
   *
   * @param name with its version: {@code libcublas.so.12}
   * @param where its file, or the name alone where the system's loader found it
   */
  public record Found(String name, int version, String where, SymbolLookup symbols) {}

  /**
   * Loads the first that there is: whatever version a folder holds that the user named, otherwise the version that is
   * preferred, wherever it is found.
   *
   * @param stem {@code cublas} for {@code libcublas.so}
   * @param versions major versions, in order of preference
   */
  public static Optional<Found> load(String stem, int... versions) {
    for (Path folder : named()) {
      Optional<Found> found = first(versions, version -> in(List.of(folder), stem, version));
      if (found.isPresent()) {
        return found;
      }
    }
    return first(versions, version -> elsewhere(stem, version));
  }

  private static Optional<Found> first(int[] versions, IntFunction<Optional<Found>> of) {
    return IntStream.of(versions).mapToObj(of).flatMap(Optional::stream).findFirst();
  }

  private static Optional<Found> elsewhere(String stem, int version) {
    // The loader's driver is the one that came with the kernel module; the usual folders may hold a toolkit's stub or an older one.
    return stem.equals(DRIVER)
        ? byLoader(stem, version).or(() -> in(usual(), stem, version))
        : in(usual(), stem, version).or(() -> byLoader(stem, version));
  }

  private static String name(String stem, int version) {
    return "lib" + stem + ".so." + version;
  }

  private static Optional<Found> byLoader(String stem, int version) {
    String name = name(stem, version);
    return open(name).map(symbols -> new Found(name, version, name, symbols));
  }

  private static Optional<Found> in(List<Path> folders, String stem, int version) {
    String name = name(stem, version);
    for (Path folder : folders) {
      Path file = folder.resolve(name);
      if (Files.exists(file)) {
        loadCompanions(folder, stem, version);
        Optional<SymbolLookup> symbols = open(file.toString());
        if (symbols.isPresent()) {
          return Optional.of(new Found(name, version, file.toString(), symbols.get()));
        }
      }
    }
    return Optional.empty();
  }

  private static void loadCompanions(Path folder, String stem, int version) {
    if (COMPANIONS.containsKey(stem)) {
      String prefix = "lib" + COMPANIONS.get(stem) + ".so." + version;
      for (Path file : children(folder)) {
        if (file.getFileName().toString().startsWith(prefix)) {
          // Without it the library itself says what is missing.
          open(file.toString());
        }
      }
    }
  }

  private static Optional<SymbolLookup> open(String nameOrFile) {
    try {
      return Optional.of(nameOrFile.contains("/")
          ? SymbolLookup.libraryLookup(Path.of(nameOrFile), Arena.global())
          : SymbolLookup.libraryLookup(nameOrFile, Arena.global()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Folders that the user named for Lentil. */
  private static List<Path> named() {
    var folders = new ArrayList<Path>();
    addAll(folders, System.getProperty(PATH_PROPERTY, ""));
    addAll(folders, environment(PATH_VARIABLE));
    return folders;
  }

  private static List<Path> usual() {
    var folders = new ArrayList<Path>();
    for (String home : List.of(environment("CUDA_HOME"), environment("CUDA_PATH"))) {
      if (!home.isEmpty()) {
        folders.add(Path.of(home, "lib64"));
        folders.add(Path.of(home, "lib"));
      }
    }
    PLACES.forEach(place -> folders.add(Path.of(place)));
    for (Path packages : pythonPackages()) {
      folders.addAll(librariesOf(packages));
    }
    return folders;
  }

  private static String environment(String name) {
    return Optional.ofNullable(System.getenv(name)).orElse("");
  }

  private static void addAll(List<Path> folders, String path) {
    for (String folder : path.split(File.pathSeparator)) {
      if (!folder.isBlank()) {
        folders.add(Path.of(folder));
      }
    }
  }

  /**
   * {@code nvidia} folders of Python installations: {@code .../lib/python3.12/site-packages/nvidia}. Without an environment
   * pip installs into {@code ~/.local}, or for all users into {@code /usr/local}, whose folder Debian calls dist-packages.
   */
  private static List<Path> pythonPackages() {
    var found = new ArrayList<Path>();
    String own = Path.of(System.getProperty("user.home"), ".local").toString();
    for (String root : List.of(environment("VIRTUAL_ENV"), environment("CONDA_PREFIX"), own, "/usr/local", "/usr")) {
      if (!root.isEmpty()) {
        for (Path python : children(Path.of(root, "lib"))) {
          if (python.getFileName().toString().startsWith("python3")) {
            found.add(python.resolve("site-packages/nvidia"));
            found.add(python.resolve("dist-packages/nvidia"));
          }
        }
      }
    }
    return found;
  }

  /** CUDA 13's packages share {@code nvidia/cu13/lib}; before, each had its own, such as {@code nvidia/cublas/lib}. */
  private static List<Path> librariesOf(Path nvidia) {
    return children(nvidia).stream().map(part -> part.resolve("lib")).filter(Files::isDirectory).toList();
  }

  private static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
