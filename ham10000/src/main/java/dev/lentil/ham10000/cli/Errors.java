package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.UsageError;
import dev.lentil.ham10000.UserError;
import dev.lentil.ham10000.train.RunStopped;
import dev.lentil.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line for the user and an exit code. */
final class Errors {
  /** More causes than any error has; some chains are rings. */
  private static final int DEEPEST = 20;

  private Errors() {}

  /** Bad usage: the message, what may have been meant, and where the help is; for programs the message as the one JSON document. */
  static int usage(ParameterException e, String[] args) {
    return usage(e, asked("--json", args));
  }

  private static int usage(ParameterException e, boolean json) {
    var command = e.getCommandLine();
    var err = command.getErr();
    // of a missing group picocli itself says that it is one
    var message = e.getMessage().replaceFirst("^Error: ", "");
    err.println("error: " + message);
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try './" + command.getCommandSpec().qualifiedName() + " --help'.");
    if (json) {
      command.getOut().println(document(message));
    }
    return ExitCode.USAGE;
  }

  /** A command failed: its message on standard error and, for programs, the same as the one JSON document. */
  static int execution(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof UsageError) {
      return usage(new ParameterException(command, e.getMessage()), flag(parsed, "--json"));
    }
    var message = message(e);
    command.getErr().println(e instanceof RunStopped ? message : "error: " + message);
    if (flag(parsed, "--debug")) {
      e.printStackTrace(command.getErr());
    }
    if (flag(parsed, "--json")) {
      command.getOut().println(document(message));
    }
    return e instanceof RunStopped stopped ? stopped.exitCode() : ExitCode.SOFTWARE;
  }

  /** What no command can foresee, too little memory above all: told as a failure of the command is. */
  static int fatal(Error e, PrintWriter out, PrintWriter err, String... args) {
    var message = message(e);
    err.println("error: " + message);
    if (asked("--debug", args)) {
      e.printStackTrace(err);
    }
    if (asked("--json", args)) {
      out.println(document(message));
    }
    return ExitCode.SOFTWARE;
  }

  private static String document(String message) {
    return Json.pretty(Map.of("error", message));
  }

  /** Whether an option is among arguments that could not be, or are no longer, parsed. */
  private static boolean asked(String option, String... args) {
    return Arrays.stream(args).takeWhile(argument -> !argument.equals("--")).anyMatch(option::equals);
  }

  private static boolean flag(ParseResult parsed, String option) {
    return parsed.hasMatchedOption(option) || parsed.hasSubcommand() && flag(parsed.subcommand(), option);
  }

  /** What the user needs to read. Anything not foreseen is named as a fault of the program. */
  static String message(Throwable e) {
    var memory = memory(e);
    if (memory.isPresent()) {
      return memory.get();
    }
    return switch (e) {
      case UserError u -> u.getMessage();
      case InvalidPathException p -> unspeakable(p);
      case UncheckedIOException u when ownMessage(u) -> u.getMessage();
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

  /** What to do if memory ran out, on this thread or on one that worked for it. */
  private static Optional<String> memory(Throwable e) {
    var cause = e;
    for (int i = 0; i < DEEPEST && cause != null; i++, cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError error) {
        var why = String.valueOf(error.getMessage());
        return Optional.of(why.contains("native thread")
            ? "the operating system gave Java no more threads; end other programs, or raise the limits of processes and of memory"
            : "Java's heap of " + (Runtime.getRuntime().maxMemory() >> 20) + " MB was too small for this (" + why
                + "); give it more, for example 4 GB: LENTIL_JAVA_OPTS=-Xmx4g ./lentil ..., or java -Xmx4g ...");
      }
    }
    return Optional.empty();
  }

  /** An argument that names a file. */
  static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(unspeakable(e));
    }
  }

  /** Java reads names of files in the locale's characters, and is told them in those. */
  private static String unspeakable(InvalidPathException e) {
    return e.getReason().contains("unmappable")
        ? "the path '" + e.getInput() + "' has characters that this locale does not have ("
            + System.getProperty("sun.jnu.encoding") + "); set LC_ALL=C.UTF-8 in the environment and run again"
        : "'" + e.getInput() + "' is no path (" + e.getReason() + "); correct it";
  }

  /** Whether it says more than its cause does, whose text Java takes where none is given. */
  private static boolean ownMessage(UncheckedIOException e) {
    return e.getMessage() != null && !e.getMessage().equals(e.getCause().toString())
        && !e.getMessage().equals(e.getCause().getMessage());
  }

  /** Whether Lentil checked and threw it; one from inside the JDK says nothing about the user's input. */
  private static boolean ownMessage(IllegalArgumentException e) {
    var trace = e.getStackTrace();
    return trace.length == 0 || trace[0].getClassName().startsWith("dev.lentil.");
  }
}
