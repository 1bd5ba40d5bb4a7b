package dev.lentil.ham10000.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlTest {
  @Test
  void escapes() {
    assertEquals("&lt;a href=&quot;x&quot;&gt; &amp;amp; &#39;\u00fc\ud83d\ude00",
        Html.escape("<a href=\"x\"> &amp; '\u00fc\ud83d\ude00"));
    assertEquals("a\ufffdb\nc", Html.escape("a\u0000b\nc"));
  }

  @Test
  void numbers() {
    assertEquals("0.1250", Html.number(0.125, 4));
    assertEquals("87", Html.number(86.6, 0));
    assertEquals("n/a", Html.number(Double.NaN, 4));
    assertEquals("n/a", Html.number(Double.POSITIVE_INFINITY, 4));
  }

  @Test
  void tables() {
    var table = Html.table(List.of("a", "<b>"), List.of(List.of("row", "1"), List.of("100%", "2")));
    assertTrue(table.contains("<th scope=\"col\" role=\"columnheader\">&lt;b&gt;</th>"), table);
    assertTrue(
        table.contains(
            "<th scope=\"row\" role=\"rowheader\">100%</th><td role=\"cell\" data-column=\"&lt;b&gt;\">2</td></tr>"),
        table);
  }

  @Test
  void fourDigitsTellALearningRate() {
    assertEquals("0.0009427", Html.significant(9.427280128266049E-4, 4));
    assertEquals("0.001", Html.significant(0.001, 4));
    assertEquals("0.00001", Html.significant(1e-5, 4));
    assertEquals("3.142E-7", Html.significant(3.14159e-7, 4));
    assertEquals("0", Html.significant(0, 4));
    assertEquals("n/a", Html.significant(Double.NaN, 4));
  }
}
