package dev.lentil.ham10000.report;

import dev.lentil.ham10000.UserError;
import java.util.Locale;

/** Drawing that has letters in it, with a clear error where the system has no fonts at all. */
public final class Fonts {
  private Fonts() {}

  /** @throws UserError if there is no font */
  public static void draw(Runnable drawing) {
    try {
      drawing.run();
    } catch (InternalError | NoClassDefFoundError | RuntimeException e) {
      // what the JDK throws where the system has no fonts at all depends on its version
      if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("font")) {
        throw new UserError("Text in charts and pictures needs a font and this system has none. Install one and "
            + "fontconfig (Debian, Ubuntu: apt-get install fontconfig fonts-dejavu-core).", e);
      }
      throw e;
    }
  }
}
