package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.train.RunStopped;
import dev.lentil.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line for the user and an exit code. */
final class Errors {
  private Errors() {}

  /** Bad usage: the message, what may have been meant, and where the help is. */
  static int usage(ParameterException e, String[] args) {
    var command = e.getCommandLine();
    var err = command.getErr();
    err.println("error: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try './" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  /** A command failed: its message on standard error and, for programs, the same as the one JSON document. */
  static int execution(Exception e, CommandLine command, ParseResult parsed) {
    var message = message(e);
    command.getErr().println(e instanceof RunStopped ? message : "error: " + message);
    if (flag(parsed, "--debug")) {
      e.printStackTrace(command.getErr());
    }
    if (flag(parsed, "--json")) {
      command.getOut().println(Json.pretty(Map.of("error", message)));
    }
    return e instanceof RunStopped stopped ? stopped.exitCode() : ExitCode.SOFTWARE;
  }

  private static boolean flag(ParseResult parsed, String option) {
    return parsed.hasMatchedOption(option) || parsed.hasSubcommand() && flag(parsed.subcommand(), option);
  }

  /** What the user needs to read. Anything not foreseen is named as a fault of the program. */
  static String message(Throwable e) {
    return switch (e) {
      case UserError u -> u.getMessage();
      case UncheckedIOException u when u.getCause() != null -> message(u.getCause());
      case NoSuchFileException f -> "no such file or folder: " + f.getFile();
      case AccessDeniedException f -> "access denied: " + f.getFile();
      case FileAlreadyExistsException f -> "already exists: " + f.getFile();
      case FileSystemException f -> f.getFile() + ": " + (f.getReason() == null ? "input/output error" : f.getReason());
      case IOException io when io.getMessage() != null -> io.getMessage();
      case IllegalArgumentException i when i.getMessage() != null && ownMessage(i) -> i.getMessage();
      case RuntimeException r when r.getMessage() != null && r.getClass().getName().startsWith("dev.lentil.") ->
          r.getMessage();
      default -> "internal error, " + e + "; run again with --debug to see where";
    };
  }

  /** Whether Lentil checked and threw it; one from inside the JDK says nothing about the user's input. */
  private static boolean ownMessage(IllegalArgumentException e) {
    var trace = e.getStackTrace();
    return trace.length == 0 || trace[0].getClassName().startsWith("dev.lentil.");
  }
}
