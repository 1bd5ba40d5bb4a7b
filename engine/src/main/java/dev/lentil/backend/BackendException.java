package dev.lentil.backend;

/** A backend that is missing or failed; the message names the remedy. */
public final class BackendException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BackendException(String message) {
    super(message);
  }

  public BackendException(String message, Throwable cause) {
    super(message, cause);
  }
}
