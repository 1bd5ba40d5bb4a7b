package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.driver.CudaLibraries.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where a library really lies that the system's loader found by its name. */
final class LoadedFile {
  private static final Path MAPPED = Path.of("/proc/self/maps");

  private LoadedFile() {}

  /** The file of a loaded library, or its name alone where this system does not tell. */
  static String of(Found library) {
    if (library.where().contains("/")) {
      return library.where();
    }
    try {
      return of(library, Files.readAllLines(MAPPED));
    } catch (IOException _) {
      return library.where();
    }
  }

  /**
   * The same.
   *
   * @param mapped lines of {@code /proc/self/maps}, whose sixth column is a file, links followed: of {@code libcuda.so.1} that is
   *     {@code libcuda.so.580.95.05}
   */
  static String of(Found library, List<String> mapped) {
    String plain = library.name().substring(0, library.name().lastIndexOf('.') + 1);
    return mapped.stream().filter(line -> line.contains("/")).map(line -> line.substring(line.indexOf('/')))
        .filter(file -> file.substring(file.lastIndexOf('/') + 1).startsWith(plain)).findFirst()
        .orElse(library.where());
  }
}
