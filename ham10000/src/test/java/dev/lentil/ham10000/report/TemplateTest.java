package dev.lentil.ham10000.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {
  @Test
  void whatIsFilledInIsNotFilledAgain() {
    assertEquals("<{{b}}> $1 <x>",
        new Template("<{{a}}> {{c}} <{{b}}>").fill(Map.of("a", "{{b}}", "b", "x", "c", "$1")));
  }

  @Test
  void everyPlaceAndEveryValueMustFit() {
    assertThrows(IllegalArgumentException.class, () -> new Template("{{a}}").fill(Map.of()));
    assertThrows(IllegalArgumentException.class, () -> new Template("").fill(Map.of("a", "x")));
    assertThrows(IllegalStateException.class, () -> Template.resource("absent.html"));
  }
}
