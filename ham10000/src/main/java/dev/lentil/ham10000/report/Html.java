package dev.lentil.ham10000.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Small pieces of HTML. What goes in as text is escaped; what goes in as {@code html} is not. */
public final class Html {
  private Html() {}

  /** Text for an element or a quoted attribute. */
  public static String escape(String text) {
    var out = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> {
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        // not allowed in a page, however they are written
        default -> out.appendCodePoint(Character.isISOControl(c) && c != '\n' && c != '\t' ? 0xFFFD : c);
      }
    });
    return out.toString();
  }

  /** A number with the given decimals, "n/a" where it is undefined. */
  static String number(double value, int digits) {
    return Double.isFinite(value)
        ? BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_EVEN).toPlainString()
        : "n/a";
  }

  /** A number with as many digits as tell something, such as "0.0009427", "n/a" where it is undefined. */
  static String significant(double value, int digits) {
    return Double.isFinite(value)
        ? BigDecimal.valueOf(value).round(new MathContext(digits)).stripTrailingZeros().toString()
        : "n/a";
  }

  /**
   * A table of texts; columns after the first are right-aligned. The first cell of a row is its heading. On a phone each row
   * becomes a block of its own in which every cell says its column, so the roles are stated: display alone would drop them.
   */
  static String table(List<String> header, List<List<String>> rows) {
    var head = header.stream().map(cell -> "<th scope=\"col\" role=\"columnheader\">" + escape(cell) + "</th>")
        .collect(Collectors.joining());
    return """
        <table class="rows" role="table">
        <thead role="rowgroup"><tr role="row">%s</tr></thead>
        <tbody role="rowgroup">
        %s
        </tbody>
        </table>""".formatted(head, lines(rows, cells -> row(header, cells)));
  }

  private static String row(List<String> header, List<String> cells) {
    var html = new StringBuilder("<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">")
        .append(escape(cells.getFirst())).append("</th>");
    for (int i = 1; i < cells.size(); i++) {
      html.append("<td role=\"cell\" data-column=\"").append(escape(header.get(i))).append("\">")
          .append(escape(cells.get(i))).append("</td>");
    }
    return html.append("</tr>").toString();
  }

  /** Keys and values. */
  static String definitions(Collection<? extends Map.Entry<String, String>> entries) {
    return "<dl>\n" + lines(entries, entry -> "<div><dt>" + escape(entry.getKey()) + "</dt><dd>"
        + escape(entry.getValue()) + "</dd></div>") + "\n</dl>";
  }

  /** A figure with its caption below. */
  static String figure(String id, String caption, String html) {
    return """
        <figure id="%s">
        %s
        <figcaption>%s</figcaption>
        </figure>""".formatted(escape(id), html, escape(caption));
  }

  /** Pieces of HTML, one a line. */
  public static <T> String lines(Collection<T> items, Function<? super T, String> html) {
    var pieces = new ArrayList<String>();
    items.forEach(item -> pieces.add(html.apply(item)));
    return String.join("\n", pieces);
  }
}
