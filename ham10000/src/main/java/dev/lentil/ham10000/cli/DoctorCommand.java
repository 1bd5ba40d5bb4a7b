package dev.lentil.ham10000.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.lentil.backend.Availability;
import dev.lentil.backend.Backend;
import dev.lentil.backend.Backends;
import dev.lentil.backend.Finding;
import dev.lentil.ham10000.Devices;
import dev.lentil.ham10000.NvidiaCard;
import dev.lentil.ham10000.report.Fonts;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** {@code lentil doctor}: what Lentil found on this machine. */
@Command(
    name = "doctor",
    description = {
        "Show what Lentil found on this machine: Java, vector units, cores, memory, and the backends, with CUDA's driver,"
            + " cards and libraries.",
        "A part that is missing or does not work is marked with ! and says what to do."},
    footer = {"", "Example:", "  ./lentil doctor --json"})
final class DoctorCommand implements Callable<Integer> {
  /** The backend on graphics cards. */
  private static final String CARDS = "cuda";
  private static final String FIRST_CARD = CARDS + ":0";

  private static final Runtime.Version RECOMMENDED = Runtime.Version.parse("25.0.3");

  private static final String INDENTED = "\n             ";

  @Mixin
  private Output output;

  /**
   * What one backend answered.
   *
   * @param detail what it runs on, or why it cannot run and the remedy
   * @param parts what it found of each thing that it needs, if it needs any
   */
  record BackendState(String name, boolean available, String detail, List<Finding> parts) {
    static BackendState of(Backend backend) {
      return switch (backend.probe()) {
        case Availability.Available(var detail, var parts) -> new BackendState(backend.name(), true, detail, parts);
        case Availability.Unavailable(var reason, var parts) -> new BackendState(backend.name(), false, reason, parts);
      };
    }

    /** The state of a backend that was left out when the program was started. */
    static BackendState notLoaded(Optional<Path> sign) {
      return new BackendState(CARDS, false, sign.map(
          file -> "though this machine seems to have an NVIDIA card (" + file
              + "), since the CUDA backend is not loaded: ")
          .orElse("since the CUDA backend is not loaded: for an NVIDIA card ") + NvidiaCard.HOW_TO_LOAD, List.of());
    }

    boolean firstCardWorks() {
      return name.equals(CARDS) && available && parts.stream().filter(part -> part.part().equals(FIRST_CARD))
          .allMatch(part -> part.state() == Finding.State.READY);
    }

    String text() {
      if (parts.isEmpty()) {
        return name + (available ? ": " : ": not available, ") + detail;
      }
      var text = new StringBuilder(name).append(": ")
          .append(available ? detail : "not available, since what is marked ! fails");
      int width = parts.stream().mapToInt(part -> part.part().length()).max().orElseThrow();
      for (Finding part : parts) {
        text.append(String.format("\n  %s %-" + width + "s  %s", part.state() == Finding.State.FAILS ? "!" : " ",
            part.part(), part.text()));
      }
      return text.toString();
    }
  }

  /**
   * Whether charts and pictures with text can be drawn, which a report has and {@code explain} makes.
   *
   * @param problem what is missing and the remedy
   */
  record Charts(Optional<String> problem) {
    String text() {
      return problem.map(text -> "! " + text).orElse("can be drawn");
    }
  }

  /**
   * The findings.
   *
   * @param memoryBytes physical memory of the machine or container
   * @param heapBytes the most that the Java heap may grow to
   * @param automatic what {@code --device auto} takes
   */
  record Findings(
      Version lentil, String java, String vm, String javaHome, String system, int cores, long memoryBytes,
      long heapBytes, VectorApi vectorApi, Charts charts, List<BackendState> backends, String automatic) {
    static Findings current() {
      List<BackendState> backends = probed();
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
          new Charts(Fonts.problem()),
          backends,
          automatic(backends));
    }

    private static List<BackendState> probed() {
      var states = new ArrayList<>(Backends.all().stream().map(BackendState::of).toList());
      if (!Devices.cardsLoaded()) {
        states.add(BackendState.notLoaded(NvidiaCard.sign()));
      }
      return states;
    }

    /** What {@code --device auto} takes. */
    private static String automatic(List<BackendState> backends) {
      return backends.stream().anyMatch(BackendState::firstCardWorks) ? FIRST_CARD : "cpu";
    }

    /** Masked loads near the end of an array are slow on some earlier ones. */
    static String javaText(String version) {
      return Runtime.Version.parse(version).compareToIgnoreOptional(RECOMMENDED) < 0
          ? version + "; " + RECOMMENDED + " or later is recommended"
          : version;
    }

    String text() {
      return String.format(Locale.ROOT, """
          Lentil       %s
          Java         %s
                       %s
                       %s
          System       %s
          Cores        %d
          Memory       %.1f GiB, Java heap at most %.1f GiB
          Vector API   %s
          Charts       %s
          Backends     %s
          --device     auto takes %s
          """, lentil, javaText(java), vm, javaHome, system, cores, gib(memoryBytes), gib(heapBytes), vectorApi.text(),
          charts.text(),
          backends.stream().map(state -> state.text().replace("\n", INDENTED)).collect(Collectors.joining(INDENTED)),
          automatic + (automatic.equals(FIRST_CARD)
              ? "; without --device the processor calculates"
              : ", since " + FIRST_CARD + " is not available"));
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
