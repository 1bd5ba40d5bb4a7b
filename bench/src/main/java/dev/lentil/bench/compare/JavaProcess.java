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
 * Another Java machine with this one's options and class path, and with a folder of its own for temporary files, which goes
 * when this is closed. ONNX Runtime is told not to report to its makers, which it would begin when it is loaded (and, as of
 * 1.29, crash where the command line is longer than 4,096 bytes).
 */
public final class JavaProcess implements AutoCloseable {
  private static final int LINES_OF_AN_ERROR = 12;

  private final List<String> arguments;
  private final Path folder;
  private final ProcessBuilder builder;

  /**
   * @param main the class to run
   */
  public JavaProcess(Class<?> main, List<String> arguments) {
    this.arguments = List.copyOf(arguments);
    folder = ModelFolder.temporary();
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-Djava.io.tmpdir=" + folder);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    builder = new ProcessBuilder(command);
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
  }

  /** Starts the process; streams may be redirected before. */
  public ProcessBuilder builder() {
    return builder;
  }

  /**
   * Runs the process to its end.
   *
   * @return the last line that it printed
   * @throws UserError if it fails; the message holds what it said
   */
  public String output() {
    Path errors = folder.resolve("errors.log");
    try {
      Process process = builder.redirectError(errors.toFile()).start();
      // a child must not go on measuring when its parent has been interrupted
      var stop = new Thread(process::destroy);
      Runtime.getRuntime().addShutdownHook(stop);
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int exitCode = process.waitFor();
      Runtime.getRuntime().removeShutdownHook(stop);
      if (exitCode != 0) {
        throw new UserError("the measurement '" + arguments.getFirst() + "' failed, exit code " + exitCode + ": "
            + said(Files.readString(errors)));
      }
      return printed.substring(printed.lastIndexOf('\n') + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("the measurement was interrupted");
    }
  }

  /** The beginning of what a failed process wrote, without the Java machine's warnings. */
  public static String said(String errors) {
    List<String> lines = errors.lines().filter(line -> !line.startsWith("WARNING:")).toList();
    return String.join("\n", lines.subList(0, Math.min(lines.size(), LINES_OF_AN_ERROR)));
  }

  @Override
  public void close() {
    ModelFolder.delete(folder);
  }
}
