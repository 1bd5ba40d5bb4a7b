package dev.lentil.ham10000.train;

import dev.lentil.ham10000.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The configuration files that come with Lentil: {@code ham10000/recipes/NAME.properties} of the sources. */
public enum Recipe {
  PAPER_LITERAL, PAPER_INTENT, TUTORIAL, FULL, BEST, SEVEN_CLASS;

  private static final String FOLDER = "/dev/lentil/ham10000/recipes/";

  /**
   * The recipe of a name.
   *
   * @throws UserError listing all names if there is none
   */
  public static Recipe of(String name) {
    return Arrays.stream(values()).filter(recipe -> recipe.toString().equals(name)).findFirst()
        .orElseThrow(() -> new UserError("there is no recipe '" + name + "'; use one of " + Arrays.stream(values())
            .map(Recipe::toString).collect(Collectors.joining(", ")) + ", or a file of your own with --config"));
  }

  /** The file's text. */
  String text() {
    String file = FOLDER + this + ".properties";
    try (var in = Recipe.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is not in this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The name as on the command line: paper-literal. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
