package dev.lentil.ham10000;

import java.nio.file.Path;

/** Commands that messages suggest, so that they can be copied as they stand. */
public final class Shell {
  /** What a shell takes as it is. */
  private static final String PLAIN = "._/-+:@%,=";
  /** What keeps its meaning between double quotes. */
  private static final String SPECIAL = "\"\\$`";

  private Shell() {}

  /** A path as one word of a command; between double quotes where it needs any, since messages have single ones around commands. */
  public static String word(Path path) {
    return word(path.toString());
  }

  static String word(String text) {
    if (!text.isEmpty() && text.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
      return text;
    }
    var quoted = new StringBuilder("\"");
    text.codePoints().forEach(c -> quoted.append(SPECIAL.indexOf(c) >= 0 ? "\\" : "").appendCodePoint(c));
    return quoted.append('"').toString();
  }
}
