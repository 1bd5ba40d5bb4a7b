package dev.lentil.ham10000.train;

import dev.lentil.ham10000.UserError;

/**
 * A setting in a file, or one that does not fit one, that cannot be used; the message names where it was given, its key, and the
 * remedy.
 */
public final class ConfigException extends UserError {
  private static final long serialVersionUID = 1;

  ConfigException(String message) {
    super(message);
  }

  ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
