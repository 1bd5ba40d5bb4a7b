package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int lentil(String... args) {
    return Main.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  @Test
  void theTableForPeople() {
    assertEquals(0, lentil("summary", "--classes", "1000"), err.toString());
    assertTrue(out.toString().contains("Multiply-adds  300.8 million an image"), out.toString());
    assertTrue(out.toString().contains("block_16_project_BN"), out.toString());
  }

  @Test
  void theDocumentForPrograms() {
    assertEquals(0, lentil("summary", "--json", "--cut", "paper-intent", "--height", "150", "--width", "200"),
        err.toString());
    var document = (Map<?, ?>) Json.parse(out.toString());
    assertEquals(150L, document.get("height"));
    assertEquals(Map.of("first", 143L, "trained", 887_361L, "trained_with_batch_norm_frozen", 880_321L, "why",
        ((Map<?, ?>) document.get("cut")).get("why")), document.get("cut"));
    assertEquals(154 - 4 + 4, ((List<?>) document.get("layers")).size());
  }

  @Test
  void thePapersLayerIsExplained() {
    assertEquals(0, lentil("summary", "--cut", "paper-literal"), err.toString());
    assertTrue(out.toString().contains("154 layers") && out.toString().contains("1,281 parameters"), out.toString());
    assertEquals(2, lentil("summary", "--cut", "160"));
    assertTrue(err.toString().startsWith("error: --cut: the cut at layer 160 trains nothing"), err.toString());
    assertEquals(0, lentil("summary", "--cut", "160", "--allow-empty-cut"));
  }

  @Test
  void badValuesAreOneLine() {
    assertEquals(2, lentil("summary", "--alpha", "-1"));
    assertEquals("error: alpha is -1.0, but must be above 0 and at most 100",
        err.toString().lines().findFirst().orElseThrow());
    assertEquals(2, lentil("summary", "--classes", "-1"));
    assertEquals(2, lentil("summary", "--padding", "valid"));
  }
}
