package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.ham10000.Disclaimer;
import dev.lentil.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GradCheckCommandTest {
  private static String run(String... arguments) {
    var out = new StringWriter();
    assertEquals(0, Main.run(new PrintWriter(out), new PrintWriter(System.err, true), arguments));
    return out.toString();
  }

  @Test
  void textShowsEveryModeAndParameter() {
    var text = run("gradcheck");
    for (String expected : List.of("frozen", "inference statistics", "training", "depthwise/depthwise_kernel",
        "first_BN/gamma",
        "logits/bias", "skipped at kinks", Disclaimer.TEXT)) {
      assertTrue(text.contains(expected), text);
    }
  }

  /** In float32, whose rounding shows beside the reference's 1e-5 and keeps its own limit. */
  @Test
  void theProcessorsGradients() {
    var document = assertInstanceOf(Map.class, Json.parse(run("gradcheck", "--device", "cpu", "--json")));
    assertEquals(true, document.get("passed"));
  }

  @Test
  void narrowerPrecisionsAreNotJudged() {
    var err = new StringWriter();
    assertEquals(2,
        Main.run(new PrintWriter(System.out), new PrintWriter(err), "gradcheck", "--precision", "bfloat16"));
    assertTrue(err.toString().contains("--precision bfloat16: gradients are judged in float64 and float32"),
        err::toString);
  }

  @Test
  void jsonIsOneDocument() {
    var document = assertInstanceOf(Map.class, Json.parse(run("gradcheck", "--json", "--seed", "7")));
    assertEquals(true, document.get("passed"));
    assertEquals(3, assertInstanceOf(List.class, document.get("checks")).size());
  }
}
