package dev.lentil.ham10000.report;

import dev.lentil.ham10000.Disclaimer;
import java.util.Map;

/** What all pages have in common: one file without scripts and without anything from the network, with the disclaimer at both ends. */
public final class Page {
  private Page() {}

  /**
   * The whole page.
   *
   * @param title as text
   * @param style CSS of this page, after that of all
   * @param main its content, as HTML
   */
  public static String of(String title, String style, String main) {
    return Template.resource("page.html").fill(Map.of(
        "title", Html.escape(title),
        "style", (Template.resource("page.css").text() + style).stripTrailing(),
        "disclaimer", Html.escape(Disclaimer.TEXT),
        "main", main.stripTrailing()));
  }
}
