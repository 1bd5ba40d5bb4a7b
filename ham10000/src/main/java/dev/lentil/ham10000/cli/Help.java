package dev.lentil.ham10000.cli;

import dev.lentil.ham10000.Disclaimer;
import java.util.Arrays;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Adds to each command what the help of all of them has in common. */
final class Help {
  private Help() {}

  /** {@code --help} where a command has none, and the disclaimer as the last line. */
  static void complete(CommandLine command) {
    var spec = command.getCommandSpec();
    if (!spec.optionsMap().containsKey("--help")) {
      spec.addOption(OptionSpec.builder("-h", "--help").usageHelp(true).type(boolean.class)
          .description("Show this help.").build());
    }
    var usage = spec.usageMessage();
    usage.sortOptions(false);
    usage.footer(Stream.concat(Arrays.stream(usage.footer()), Stream.of("", Disclaimer.TEXT)).toArray(String[]::new));
  }
}
