package dev.lentil.backend;

/** A backend that is missing or failed; the message names the remedy. */
public final class BackendException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * The length of an array for a batch's activations.
   *
   * @throws BackendException if no array can hold so many elements
   */
  public static int requireArray(long elements) {
    return requireArray(elements, "an activation of this batch", "use a smaller batch");
  }

  /**
   * The length of an array.
   *
   * @param what it is for
   * @throws BackendException with the remedy, if no array can hold so many elements
   */
  public static int requireArray(long elements, String what, String remedy) {
    // the limit of the JDK's own collections
    if (elements > Integer.MAX_VALUE - 8) {
      throw new BackendException(what + " needs " + elements + " elements, more than one array can hold: " + remedy);
    }
    return (int) elements;
  }

  public BackendException(String message) {
    super(message);
  }

  public BackendException(String message, Throwable cause) {
    super(message, cause);
  }
}
