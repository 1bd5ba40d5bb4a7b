package dev.lentil.backend.cuda.nvrtc;

import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The kernels' source files and what they define, for tests. */
public final class KernelFiles {
  /** Where they are. */
  public static final Path FOLDER = SharedData.repositoryRoot().resolve("kernels/src/main/cuda");

  private static final String KERNEL = "KERNEL ";

  private KernelFiles() {}

  /** All {@code .cu} files, in order. */
  public static List<String> names() {
    try (var files = Files.list(FOLDER)) {
      return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".cu")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The kernels that a file defines. */
  public static List<String> kernels(String file) {
    return KernelSource.of(file).text().lines().filter(line -> line.startsWith(KERNEL))
        .map(line -> line.substring(KERNEL.length(), line.indexOf('('))).toList();
  }
}
