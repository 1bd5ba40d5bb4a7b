package dev.lentil.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class GraalCompilerTest {
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";
  private static final String GRAAL = "-XX:+UseJVMCICompiler";
  private static final String HOTSPOT = "-XX:-UseJVMCICompiler";

  /** As GraalVM starts, though no compiler is there: with the first tier alone nobody asks for it. */
  private static Probe probe(String... options) throws IOException, InterruptedException {
    return Probe.with(Stream.concat(Stream.of("-XX:+UnlockExperimentalVMOptions", "-XX:+EnableJVMCI"),
        Stream.of(options)).toArray(String[]::new));
  }

  private static String available(String detail) {
    return "Available[detail=" + detail + ", parts=[]]";
  }

  private static int times(Probe probe) {
    return probe.log().split(GraalCompiler.REMEDY, -1).length - 1;
  }

  @Test
  void whereGraalCompilesVectorsAreOfAtMost256BitsAndTheRemedyIsSaid() throws Exception {
    Probe own = probe(HOTSPOT, VECTORS);
    Assumptions.assumeFalse(own.log().contains("Unrecognized VM option"), "this Java machine takes no other compiler");
    int widest = Integer.parseInt(own.answer().replaceAll("\\D+(\\d+) bits.*", "$1"));
    assertEquals(available("Vector API, " + widest + " bits"), own.answer(), own.log());
    assertEquals(0, times(own), own.log());

    Probe graal = probe(GRAAL, VECTORS);
    assertEquals(available("Vector API, " + Math.min(widest, 256) + " bits; " + GraalCompiler.REMEDY), graal.answer(),
        graal.log());
    assertEquals(1, times(graal), graal.log());
  }

  /** What Graal makes of plain loops was not measured. */
  @Test
  void ofPlainLoopsNothingIsSaid() throws Exception {
    Probe plain = probe(GRAAL);
    Assumptions.assumeFalse(plain.log().contains("Unrecognized VM option"),
        "this Java machine takes no other compiler");
    assertEquals(available("plain Java loops"), plain.answer(), plain.log());
    assertFalse(plain.log().contains(GraalCompiler.REMEDY), plain.log());
  }
}
