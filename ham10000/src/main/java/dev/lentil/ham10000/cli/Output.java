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

  /**
   * As {@link #show(Object, Supplier)}, of text that is a file of its own: it is printed as it is, with the disclaimer that
   * it has.
   */
  void showFile(Object document, Supplier<String> text) {
    var out = command.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(document));
    } else {
      out.print(text.get());
    }
    out.flush();
  }

  /** What to throw where the command line itself is wrong, whatever the files hold: bad usage, exit code 2. */
  public ParameterException badUsage(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /**
   * An option that would do nothing is an error: the user expects something of it.
   *
   * @param why goes on after the option's name
   * @param options those that may not be there
   * @throws ParameterException if one was given
   */
  public void refuse(String why, String... options) {
    var given = command.commandLine().getParseResult();
    for (String option : options) {
      if (given.hasMatchedOption(option)) {
        throw badUsage(option + " " + why);
      }
    }
  }

  /** @throws ParameterException if the value of an option is below 1 */
  public void requirePositive(String option, int value) {
    if (value < 1) {
      throw badUsage(option + " is " + value + ", but must be at least 1");
    }
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
