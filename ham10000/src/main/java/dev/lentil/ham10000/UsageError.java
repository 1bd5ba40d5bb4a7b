package dev.lentil.ham10000;

/** What was said on the command line cannot be, whatever the files hold: bad usage, exit code 2. */
public final class UsageError extends UserError {
  private static final long serialVersionUID = 1L;

  public UsageError(String message) {
    super(message);
  }

  public UsageError(String message, Throwable cause) {
    super(message, cause);
  }
}
