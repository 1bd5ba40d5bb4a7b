package dev.lentil.ham10000.train;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The most memory that this process has had so far.
 *
 * @param bytes how much
 * @param kind what is counted
 */
record PeakMemory(long bytes, String kind) {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** The process's peak resident size where the system tells it, otherwise the sum of the Java memory pools' peaks. */
  static PeakMemory now() {
    return resident().map(bytes -> new PeakMemory(bytes, "resident")).orElseGet(() -> new PeakMemory(
        ManagementFactory.getMemoryPoolMXBeans().stream().map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(usage -> usage.getUsed()).sum(),
        "Java memory pools"));
  }

  private static Optional<Long> resident() {
    try {
      return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmHWM:")).findFirst()
          .map(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")));
    } catch (IOException _) {
      // not Linux
      return Optional.empty();
    }
  }
}
