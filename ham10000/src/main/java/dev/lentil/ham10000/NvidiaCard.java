package dev.lentil.ham10000;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether this machine seems to have an NVIDIA card, told without any library: for where the CUDA backend is not loaded. */
public final class NvidiaCard {
  /** What makes the launcher load the CUDA backend, for people. */
  public static final String HOW_TO_LOAD =
      "set LENTIL_CUDA=1 in the environment and start ./lentil again (docs/gpu.md)";

  /** What the driver's module makes; the last is Windows' driver in its Linux. */
  private static final List<String> FILES = List.of("proc/driver/nvidia/version", "usr/lib/wsl/lib/libcuda.so.1");

  private NvidiaCard() {}

  /** A file that a machine without NVIDIA's driver does not have. */
  public static Optional<Path> sign() {
    return sign(Path.of("/"));
  }

  /** @param root of the file system */
  static Optional<Path> sign(Path root) {
    // A container has the devices that it was given, under their own numbers.
    try (var devices = Files.newDirectoryStream(root.resolve("dev"), "nvidia[0-9]*")) {
      for (Path device : devices) {
        return Optional.of(device);
      }
    } catch (IOException | DirectoryIteratorException _) {
      // No such folder: not Linux.
    }
    return FILES.stream().map(root::resolve).filter(Files::exists).findFirst();
  }
}
