package dev.lentil.ham10000.report;

import dev.lentil.ham10000.UserError;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Drawing that has letters in it, with a clear error where the system has no fonts or Java not the libraries for them. */
public final class Fonts {
  /** What the JDK makes of the loader's words when it gives up at once the second time. */
  private static final Pattern REPEATED =
      Pattern.compile("(?:Exception )?java\\.lang\\.UnsatisfiedLinkError: (.*?)(?: \\[in thread .*])?");

  private Fonts() {}

  /** Text cannot be drawn here, as in many a container. */
  public static final class MissingException extends UserError {
    private static final long serialVersionUID = 1L;

    private MissingException(String message, Throwable cause) {
      super("Text in charts and pictures needs " + message, cause);
    }

    private static MissingException of(Throwable thrown) {
      return library(thrown)
          .map(why -> new MissingException("a library that this Java does not find (" + why + "). Install the system's "
              + "libraries for fonts, and a font (Debian, Ubuntu: apt-get install libharfbuzz0b libfreetype6 fontconfig "
              + "fonts-dejavu-core).", thrown))
          .orElseGet(() -> new MissingException("a font and this system has none. Install one and fontconfig (Debian, "
              + "Ubuntu: apt-get install fontconfig fonts-dejavu-core).", thrown));
    }
  }

  /** @throws MissingException if there is no font, or no library to draw it with */
  public static <T> T draw(Supplier<T> drawing) {
    try {
      return drawing.get();
    } catch (InternalError | LinkageError | RuntimeException e) {
      // what the JDK throws depends on its version, on what is missing, and on whether it has tried before
      if (causes(e).anyMatch(cause -> text(cause).toLowerCase(Locale.ROOT).contains("font"))) {
        throw MissingException.of(e);
      }
      throw e;
    }
  }

  /** Why no text can be drawn and what to do about it; empty where it can. */
  public static Optional<String> problem() {
    try {
      return draw(() -> {
        Graphics2D pen = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        pen.getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 14)).stringWidth("Lentil");
        pen.dispose();
        return Optional.empty();
      });
    } catch (MissingException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** What the system's loader said of a library. */
  private static Optional<String> library(Throwable thrown) {
    return causes(thrown).flatMap(cause -> {
      if (cause instanceof UnsatisfiedLinkError) {
        return Stream.of(text(cause));
      }
      Matcher repeated = REPEATED.matcher(text(cause));
      return repeated.matches() ? Stream.of(repeated.group(1)) : Stream.empty();
    }).findFirst();
  }

  private static Stream<Throwable> causes(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause);
  }

  private static String text(Throwable thrown) {
    return String.valueOf(thrown.getMessage());
  }
}
