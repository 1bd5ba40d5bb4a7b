package dev.lentil.ham10000.report;

import dev.lentil.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jfree.chart.JFreeChart;

/** The charts of a page, which are also written as files of their own, to be used elsewhere. */
final class Figures {
  /** The folder beside the page. */
  static final String FOLDER = "figures";

  // small units, so that the type in them stays legible when a phone shrinks them
  static final int WIDTH = 540;
  static final int HEIGHT = 350;
  static final int SQUARE = 460;

  private final SvgImage svg = new SvgImage();
  private final Map<String, String> drawn = new LinkedHashMap<>();

  /** A figure of the page. Without a font it says so instead: a long run must not end in an error for want of one. */
  String chart(String id, String caption, JFreeChart chart, int height) {
    try {
      var image = svg.of(chart, caption, WIDTH, height);
      drawn.put(id, image);
      return Html.figure(id, caption, image);
    } catch (Fonts.MissingException e) {
      return Html.figure(id, caption, "<p>" + Html.escape("Not drawn. " + e.getMessage()
          + " Then lentil evaluate, or demo anew, writes the report with it.") + "</p>");
    }
  }

  /** Writes each chart as {@code figures/ID.svg} beside the page. */
  void write(Path page) throws IOException {
    var folder = page.toAbsolutePath().resolveSibling(FOLDER);
    for (var figure : drawn.entrySet()) {
      AtomicFile.write(folder.resolve(figure.getKey() + ".svg"), SvgImage.alone(figure.getValue()) + "\n");
    }
  }
}
