package dev.lentil.ham10000.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.lentil.backend.Availability;
import dev.lentil.backend.Backend;
import dev.lentil.backend.Backends;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** {@code lentil doctor}: what Lentil found on this machine. */
@Command(
    name = "doctor",
    description = "Show what Lentil found on this machine: Java, vector units, cores, memory, backends.",
    footer = {"", "Example:", "  ./lentil doctor --json"})
final class DoctorCommand implements Callable<Integer> {
  @Mixin
  private Output output;

  /**
   * What one backend answered.
   *
   * @param detail what it runs on, or why it cannot run and the remedy
   */
  record BackendState(String name, boolean available, String detail) {
    static BackendState of(Backend backend) {
      return switch (backend.probe()) {
        case Availability.Available(var detail) -> new BackendState(backend.name(), true, detail);
        case Availability.Unavailable(var reason) -> new BackendState(backend.name(), false, reason);
      };
    }

    String text() {
      return name + (available ? ": " : ": not available, ") + detail;
    }
  }

  /**
   * The findings.
   *
   * @param memoryBytes physical memory of the machine or container
   * @param heapBytes the most that the Java heap may grow to
   */
  record Findings(
      Version lentil, String java, String vm, String javaHome, String system, int cores, long memoryBytes,
      long heapBytes, VectorApi vectorApi, List<BackendState> backends) {
    static Findings current() {
      var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
      return new Findings(
          Version.current(),
          Runtime.version().toString(),
          System.getProperty("java.vm.name") + ", " + System.getProperty("java.vendor"),
          System.getProperty("java.home"),
          System.getProperty("os.name") + " " + System.getProperty("os.version") + ", " + System.getProperty("os.arch"),
          Runtime.getRuntime().availableProcessors(),
          system.getTotalMemorySize(),
          Runtime.getRuntime().maxMemory(),
          VectorApi.current(),
          Backends.all().stream().map(BackendState::of).toList());
    }

    String text() {
      return """
          Lentil       %s
          Java         %s
                       %s
                       %s
          System       %s
          Cores        %d
          Memory       %.1f GiB, Java heap at most %.1f GiB
          Vector API   %s
          Backends     %s
          """.formatted(lentil, java, vm, javaHome, system, cores, gib(memoryBytes), gib(heapBytes), vectorApi.text(),
          backends.stream().map(BackendState::text).collect(Collectors.joining("\n             ")));
    }

    private static double gib(long bytes) {
      return bytes / (double) (1L << 30);
    }
  }

  @Override
  public Integer call() {
    var findings = Findings.current();
    output.show(findings, findings::text);
    return ExitCode.OK;
  }
}
