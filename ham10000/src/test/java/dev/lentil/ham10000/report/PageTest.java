package dev.lentil.ham10000.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.Disclaimer;
import org.junit.jupiter.api.Test;

class PageTest {
  @Test
  void holdsWhatItIsGivenBetweenTheDisclaimers() {
    String page = Page.of("a < b", ".own { margin: 0; }", "<p>what is said</p>");
    assertTrue(page.contains("<title>a &lt; b</title>"), page);
    assertTrue(page.indexOf(".own {") > page.indexOf(".banner {"), "the page's own style counts");
    String[] parts = page.split(Disclaimer.TEXT, -1);
    assertEquals(3, parts.length, page);
    assertTrue(parts[1].contains("<main>\n<p>what is said</p>\n</main>"), page);
    assertTrue(!page.contains("http") && !page.contains("<script"), "nothing is fetched");
  }
}
