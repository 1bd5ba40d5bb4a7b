package dev.lentil.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.UserError;
import dev.lentil.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JmhReportTest {
  private static JmhReport run(String pattern, Map<String, String> parameters) {
    return JmhReport.run(pattern, parameters, true,
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
  }

  @Test
  void aBenchmarkRunsAndItsWorkIsKnown() {
    JmhReport report = run("Depthwise.forward", Map.of("layer", "block_14_depthwise"));
    assertEquals(1, report.rows().size());
    JmhReport.Row row = report.rows().getFirst();
    assertEquals("Depthwise.forward block_14_depthwise", row.name());
    // 7x7 pixels of 960 channels, nine taps
    assertEquals(2.0 * 49 * 960 * 9, row.work().operations());
    assertEquals(4.0 * (2 * 49 * 960 + 9 * 960), row.work().bytes());
    assertTrue(row.micros() > 0 && report.peaks().get(1).gigaflops() > 0);
    assertTrue(report.text().contains("block_14_depthwise"), report.text());
    var document = (Map<?, ?>) Json.parse(Json.compact(report.document()));
    assertEquals(1, ((List<?>) document.get("benchmarks")).size());
  }

  @Test
  void aPatternWithoutABenchmarkIsAnError() {
    var error = assertThrows(UserError.class, () -> run("NoSuchBenchmark", Map.of()));
    assertTrue(error.getMessage().startsWith("JMH: "), error.getMessage());
  }
}
