package dev.lentil.backend.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The half of the NVIDIA driver that is in the kernel, and says its version without a library. */
final class KernelModule {
  private static final Path FILE = Path.of("/proc/driver/nvidia/version");

  /** {@code NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.95.05  Tue Sep 23 ...}, or with {@code Open} and {@code for x86_64}. */
  private static final Pattern VERSION = Pattern.compile("NVRM version:.*?Kernel Module.*?\\s(\\d+(?:\\.\\d+)+)\\s");

  private KernelModule() {}

  /** The driver's version as {@code nvidia-smi} has it; empty where no module is loaded, or not on Linux. */
  static Optional<String> version() {
    try {
      return version(Files.readString(FILE));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  static Optional<String> version(String text) {
    return Optional.of(VERSION.matcher(text)).filter(Matcher::find).map(found -> found.group(1));
  }
}
