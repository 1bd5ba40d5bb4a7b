package dev.lentil.ham10000.report;

import dev.lentil.ham10000.UserError;
import java.util.Locale;
import java.util.function.Supplier;

/** Drawing that has letters in it, with a clear error where the system has no fonts at all. */
public final class Fonts {
  private Fonts() {}

  /** The system has no font, as in many a container. */
  public static final class MissingException extends UserError {
    private static final long serialVersionUID = 1L;

    private MissingException(Throwable cause) {
      super("Text in charts and pictures needs a font and this system has none. Install one and "
          + "fontconfig (Debian, Ubuntu: apt-get install fontconfig fonts-dejavu-core).", cause);
    }
  }

  /** @throws MissingException if there is no font */
  public static <T> T draw(Supplier<T> drawing) {
    try {
      return drawing.get();
    } catch (InternalError | NoClassDefFoundError | RuntimeException e) {
      // what the JDK throws where the system has no fonts at all depends on its version
      if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("font")) {
        throw new MissingException(e);
      }
      throw e;
    }
  }
}
