package dev.lentil.ham10000.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program {@code lentil}: exit code 0 when it did what was asked, 1 when that failed, 2 for bad usage, 128 + n when signal n stopped it. */
@Command(
    name = "lentil",
    description = "MobileNetV2 transfer learning on HAM10000, in pure Java.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Version.Provider.class,
    footer = {"", "Examples:", "  ./lentil demo", "  ./lentil doctor --json", "",
        "Speed, beside other programs, from the project's folder only:", "  ./lentil bench --help", "",
        "Exit codes: 0 done, 1 failed, 2 bad usage; 129, 130 and 143 stopped by SIGHUP, SIGINT and SIGTERM."})
public final class Main {
  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
  private boolean help;

  @Option(names = {"-V", "--version"}, versionHelp = true, description = "Show version and git revision.")
  private boolean version;

  /** Runs the program and ends the Java machine. */
  public static void main(String[] args) {
    start(List.of(), args);
  }

  /**
   * Runs the program and ends the Java machine.
   *
   * @param more commands that this module does not have
   */
  public static void start(List<Callable<Integer>> more, String... args) {
    // charts are drawn into files; without this macOS shows a window's icon
    System.setProperty("java.awt.headless", "true");
    // always UTF-8: JSON must be, and the default of a bare container is ASCII
    var printed = new Printed(new FileOutputStream(FileDescriptor.out));
    var out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    System.setOut(out);
    System.setErr(err);
    int exitCode = run(more, new PrintWriter(out, true, StandardCharsets.UTF_8),
        new PrintWriter(err, true, StandardCharsets.UTF_8), args);
    System.exit(printed.exitCode(exitCode, err));
  }

  /** Runs one command line and returns its exit code; everything printed goes to the two writers. */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    return run(List.of(), out, err, args);
  }

  /** As {@link #run(PrintWriter, PrintWriter, String...)}, with commands that this module does not have. */
  public static int run(List<Callable<Integer>> more, PrintWriter out, PrintWriter err, String... args) {
    var commands = Stream.concat(Commands.neededFor(args).stream(), more.stream()).toList();
    int exitCode;
    try {
      exitCode = commandLine(commands).setOut(out).setErr(err).execute(args);
    } catch (Error e) { // picocli hands on exceptions only
      exitCode = Errors.fatal(e, out, err, args);
    }
    out.flush();
    err.flush();
    return exitCode;
  }

  static CommandLine commandLine(List<Callable<Integer>> commands) {
    var main = new CommandLine(new Main());
    commands.forEach(main::addSubcommand);
    main.getSubcommands().values().forEach(Help::complete);
    Help.complete(main);
    return main
        .registerConverter(Path.class, Errors::path)
        .setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(Main::execute)
        .setParameterExceptionHandler(Errors::usage)
        .setExecutionExceptionHandler(Errors::execution);
  }

  /** The last command named runs; no command at all is bad usage. */
  private static int execute(CommandLine.ParseResult parsed) {
    if (!parsed.hasSubcommand() && !parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested()) {
      var main = parsed.commandSpec().commandLine();
      main.usage(main.getErr());
      return CommandLine.ExitCode.USAGE;
    }
    return new CommandLine.RunLast().execute(parsed);
  }
}
