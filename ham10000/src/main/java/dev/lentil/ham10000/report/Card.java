package dev.lentil.ham10000.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a reader must know of a model (Mitchell et al. 2019, "Model Cards for Model Reporting") or of a data set (Gebru et
 * al. 2021, "Datasheets for Datasets"), under the headings that those papers ask for.
 */
public record Card(List<Section> sections) {
  private static final String HEADING = "# ";

  public Card {
    sections = List.copyOf(sections);
  }

  /** One heading and what is said under it, a paragraph each. */
  public record Section(String title, List<String> paragraphs) {
    public Section {
      paragraphs = List.copyOf(paragraphs);
    }
  }

  /**
   * A card in this build: headings begin with {@code "# "}, each further line is a paragraph, and {@code {{name}}} is a
   * place.
   *
   * @param texts what to put in the places, as plain text of one line
   */
  public static Card resource(String name, Map<String, String> texts) {
    var sections = new ArrayList<Section>();
    var paragraphs = new ArrayList<String>();
    String title = "";
    for (String line : Template.resource(name).fill(texts).lines().filter(line -> !line.isBlank()).toList()) {
      if (!line.startsWith(HEADING)) {
        paragraphs.add(line);
        continue;
      }
      if (!title.isEmpty()) {
        sections.add(new Section(title, paragraphs));
      }
      title = line.substring(HEADING.length());
      paragraphs.clear();
    }
    sections.add(new Section(title, paragraphs));
    return new Card(sections);
  }

  /** As HTML. */
  String html() {
    return "<div class=\"card\">\n" + Html.lines(sections, section -> "<section>\n<h3>" + Html.escape(section.title)
        + "</h3>\n" + Html.lines(section.paragraphs, text -> "<p>" + Html.escape(text) + "</p>") + "\n</section>")
        + "\n</div>";
  }
}
