package dev.lentil.ham10000.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CardTest {
  @Test
  void headingsAndParagraphsAreRead() {
    var card = Card.resource("drawn-card.txt", Map.of("composition", "Two <pictures>."));
    assertEquals(List.of("Motivation", "Composition", "Collection process", "Preprocessing and labelling", "Uses",
        "Distribution", "Maintenance"), card.sections().stream().map(Card.Section::title).toList());
    assertTrue(card.sections().stream().noneMatch(section -> section.paragraphs().isEmpty()));
    assertTrue(card.html().contains("<p>Two &lt;pictures&gt;. Seven invented kinds"), card.html());
  }

  @Test
  void aPlaceWithoutATextIsAnError() {
    assertThrows(IllegalArgumentException.class, () -> Card.resource("drawn-card.txt", Map.of()));
  }
}
