package dev.lentil.ham10000.data;

/** Data that cannot be used as it is. The message names the file, the field and the remedy, and is meant for the person at the terminal. */
public final class DataException extends RuntimeException {
  public DataException(String message) {
    super(message);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
