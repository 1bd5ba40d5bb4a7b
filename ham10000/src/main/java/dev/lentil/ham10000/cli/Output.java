package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.json.Json;
import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options that every command has, and the way it prints: text for people, or with {@code --json} exactly one JSON
 * document on standard output for programs. Use it as {@code @Mixin private Output output}.
 */
public final class Output {
  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  @Option(names = "--debug", description = "Show the stack trace of an error.")
  private boolean debug;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Whether the reader is a program. */
  public boolean json() {
    return json;
  }

  boolean debug() {
    return debug;
  }

  /**
   * Shows the result of the command, once, at its end.
   *
   * @param document for programs: anything {@link Json#compact(Object)} takes, mostly a record or a map
   * @param text for people, with or without a last line break; called only when it is shown. The disclaimer is added.
   */
  public void show(Object document, Supplier<String> text) {
    var out = command.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(document));
    } else {
      out.println(text.get().stripTrailing());
      out.println();
      out.println(Disclaimer.TEXT);
    }
    out.flush();
  }

  /**
   * As {@link #show(Object, Supplier)}, then names the broken photographs on standard error.
   *
   * @return the exit code
   */
  int show(PerPhoto<?> photos, Object document, Supplier<String> text) {
    if (json || !photos.sound().isEmpty()) {
      show(document, text);
    }
    photos.errors().forEach(error -> command.commandLine().getErr().println("error: " + error));
    return photos.errors().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /** What to throw where an option's value is out of its range: bad usage, exit code 2. */
  ParameterException badUsage(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /**
   * Where a long command tells how far it is: standard output, or with {@code --json} standard error, which keeps
   * standard output one document. Flush it after each line.
   */
  public PrintWriter progress() {
    var line = command.commandLine();
    return json ? line.getErr() : line.getOut();
  }
}
