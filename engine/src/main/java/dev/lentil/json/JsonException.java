package dev.lentil.json;

/** The text is not JSON as {@link Json} reads it, or lacks what its reader needs; the message says what is wrong and where. */
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JsonException(String message) {
    super(message);
  }

  JsonException(String message, Throwable cause) {
    super(message, cause);
  }
}
