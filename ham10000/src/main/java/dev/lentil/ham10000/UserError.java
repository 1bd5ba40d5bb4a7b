package dev.lentil.ham10000;

/**
 * What the user gave cannot be worked with. The message is all that the command line prints, so it names the file, the
 * field and the remedy. Subclass it where a caller must tell one such error from another.
 */
public class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UserError(String message) {
    super(message);
  }

  public UserError(String message, Throwable cause) {
    super(message, cause);
  }
}
