package dev.lentil.weights.store;

import dev.lentil.io.FileReason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/**
 * A weight file that cannot be written, or not be read: absent, damaged, cut off, hostile, of an unknown kind, or not of the
 * network that was asked for. The one exception of everything in {@code dev.lentil.weights}; its message names the file, what
 * is wrong in it, and the remedy where there is one.
 */
public final class WeightFileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param problem what is wrong, and the remedy
   */
  public WeightFileException(Path file, String problem) {
    super(file + ": " + problem);
  }

  public WeightFileException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }

  /** An error whose message names the file already: another module's, or of writing. */
  public WeightFileException(Exception cause) {
    super(cause.getMessage(), cause);
  }

  /**
   * A file or folder that is there, but could not be read.
   *
   * @param what it is: {@code the weight file}
   */
  public static WeightFileException unreadable(Path path, String what, IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return new WeightFileException(path, what + " cannot be read: the permission to read it is missing; give it with "
          + "chmod, or copy it to where you may read it", cause);
    }
    return new WeightFileException(path, what + " cannot be read (" + FileReason.of(cause) + "); check the path",
        cause);
  }
}
