package dev.lentil.ham10000.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the program, here and in processes of its own, and compares what runs left. */
final class TestRuns {
  private TestRuns() {}

  /** Runs a command line in this process and returns what it printed: its output, or what it said of the error expected. */
  static String lentil(int exitCode, List<String> args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
    assertEquals(exitCode, code, err + "\n" + out);
    return exitCode == 0 ? out.toString() : err.toString();
  }

  static String resume(int exitCode, Path run, String... more) {
    var args = new ArrayList<>(List.of("train", "--resume", run.toString()));
    args.addAll(List.of(more));
    return lentil(exitCode, args);
  }

  /** The same in a process, which writes what it prints into a file. */
  static Process start(List<String> args, Path printed) throws IOException {
    return start(List.of(), args, printed);
  }

  /** @param prefix a command that starts the program */
  static Process start(List<String> prefix, List<String> args, Path printed) throws IOException {
    var command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    command.addAll(
        List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(args);
    return new ProcessBuilder(command).redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(printed.toFile())).start();
  }

  /** Weights, history (times apart), predictions and their judgement, to the bit, and nothing left behind. */
  static void assertSameResult(Path expected, Path run, String when) throws IOException {
    for (String name : List.of("best.safetensors", "last.safetensors", "predictions.csv", "evaluation.json",
        "split.csv",
        "inputs.csv")) {
      assertEquals(-1, Files.mismatch(expected.resolve(name), run.resolve(name)), name + " differs " + when);
    }
    assertEquals(history(expected), history(run), when);
    assertTrue(Files.exists(run.resolve("report.html")), when);
    try (var files = Files.list(run)) {
      assertEquals(List.of(), files.filter(file -> file.toString().endsWith(".tmp")).toList(), when);
    }
  }

  private static List<String> history(Path run) throws IOException {
    return Files.readAllLines(run.resolve("history.csv")).stream()
        .map(line -> line.substring(0, line.lastIndexOf(','))).toList();
  }
}
