package dev.lentil.mobilenetv2;

/**
 * A weight file that does not hold a MobileNetV2 as needed; the message names the file, what is wrong and the remedy.
 */
public final class ModelFileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ModelFileException(String message) {
    super(message);
  }

  public ModelFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
