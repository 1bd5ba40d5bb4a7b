package dev.lentil.ham10000.report;

import dev.lentil.ham10000.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page with named places, {@code {{name}}}, in a resource beside this class or named by its whole path. */
public record Template(String text) {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

  public static Template resource(String name) {
    try (var in = Template.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("resource " + name + " is missing from this build");
      }
      return new Template(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("resource " + name + " cannot be read (" + Reason.of(e) + ")", e);
    }
  }

  /** Fills every place; what is filled in is not searched for places again. */
  public String fill(Map<String, String> html) {
    var unused = new TreeSet<>(html.keySet());
    var filled = PLACE.matcher(text).replaceAll(place -> {
      var name = place.group(1);
      if (!html.containsKey(name)) {
        throw new IllegalArgumentException("nothing to put in place {{" + name + "}}");
      }
      unused.remove(name);
      return Matcher.quoteReplacement(html.get(name));
    });
    if (!unused.isEmpty()) {
      throw new IllegalArgumentException("the template has no place for " + unused);
    }
    return filled;
  }
}
