package dev.lentil.ham10000.train;

import dev.lentil.ham10000.UsageError;
import dev.lentil.ham10000.UserError;
import java.nio.file.Path;

/**
 * Where a setting was given.
 *
 * @param name as errors call it
 * @param file whether that is a file of the user's; otherwise it was said on the command line, as a recipe's name is, too
 */
record Origin(String name, boolean file) {
  /** The option for single settings. */
  static final Origin SET = commandLine("--set");

  static Origin file(Path file) {
    return new Origin(file.toString(), true);
  }

  static Origin commandLine(String name) {
    return new Origin(name, false);
  }

  /** @param text goes on after the name */
  UserError error(String text) {
    return file ? new ConfigException(name + text) : new UsageError(name + text);
  }

  UserError error(String text, Throwable cause) {
    return file ? new ConfigException(name + text, cause) : new UsageError(name + text, cause);
  }
}
