package dev.lentil.bench.compare;

import dev.lentil.ham10000.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Another Java machine with this one's options and class path. ONNX Runtime is told not to report to its makers, which it
 * would begin when it is loaded (and, as of 1.29, crash where the command line is longer than 4,096 bytes).
 */
public final class JavaProcess {
  private JavaProcess() {}

  /** A process that will run a class. */
  public static ProcessBuilder builder(Class<?> main, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    return builder;
  }

  /**
   * Runs a class to its end.
   *
   * @return the last line that it printed
   * @throws UserError if it fails; the message holds the end of what it said
   */
  public static String output(Class<?> main, List<String> arguments) {
    try {
      Path errors = Files.createTempFile("lentil-bench", ".log");
      try {
        Process process = builder(main, arguments).redirectError(errors.toFile()).start();
        // a child must not go on measuring when its parent has been interrupted
        var stop = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(stop);
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int exitCode = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(stop);
        if (exitCode != 0) {
          throw new UserError(
              "the measurement '" + arguments.getFirst() + "' failed, exit code " + exitCode + ": "
                  + end(Files.readString(errors)));
        }
        return printed.substring(printed.lastIndexOf('\n') + 1);
      } finally {
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("the measurement was interrupted");
    }
  }

  private static String end(String text) {
    List<String> lines = text.lines().filter(line -> !line.startsWith("WARNING:")).toList();
    return String.join("\n", lines.subList(0, Math.min(lines.size(), 12)));
  }
}
