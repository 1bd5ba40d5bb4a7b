package dev.lentil.backend.cpu;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the backend's probe says in a process of its own, whose kernels are chosen once.
 *
 * @param answer of the second time, which must be as the first
 * @param log what went to standard error
 */
record Probe(String answer, String log) {
  /** Compiled by the first tier alone: the options may name a compiler that is not there. */
  static Probe with(String... options) throws IOException, InterruptedException {
    var command = new ArrayList<>(
        List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName()));
    var process = new ProcessBuilder(command).start();
    try (var out = process.inputReader(); var err = process.errorReader()) {
      String answer = String.join("\n", out.readAllLines());
      String log = String.join("\n", err.readAllLines());
      process.waitFor();
      return new Probe(answer, log);
    }
  }

  public static void main(String[] args) {
    var backend = new CpuBackend();
    backend.probe();
    System.out.println(backend.probe());
  }
}
