package dev.lentil.safetensors;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A safetensors file that cannot be read or written; the message names the file, the tensor if there is one, and what
 * is wrong. If it is reading or writing itself that failed, and not what is in the file, the cause is the {@link IOException}.
 */
public final class SafetensorsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SafetensorsException(Path file, String problem) {
    super(file + ": " + problem);
  }

  SafetensorsException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }

  /** The message of the cause names the file already. */
  SafetensorsException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
