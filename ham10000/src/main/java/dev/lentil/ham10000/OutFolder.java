package dev.lentil.ham10000;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that {@code --out} names. */
public final class OutFolder {
  private OutFolder() {}

  /**
   * Makes it, if it is not there.
   *
   * @throws UserError if that cannot be
   */
  public static void make(Path out) {
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new UserError(out + ": the folder cannot be made (" + Reason.of(e) + "); choose another with --out", e);
    }
  }
}
