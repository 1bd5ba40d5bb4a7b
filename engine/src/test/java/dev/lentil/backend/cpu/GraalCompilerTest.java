package dev.lentil.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class GraalCompilerTest {
  private static final String INTERFACE = "-XX:+EnableJVMCI";

  static final class Prober {
    public static void main(String[] args) {
      System.out.println(new CpuBackend().probe());
    }
  }

  private record Ran(int exitCode, List<String> out, String err) {}

  private static Ran java(String... options) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1", "-XX:+UnlockExperimentalVMOptions"));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Prober.class.getName()));
    var process = new ProcessBuilder(command).start();
    try (var out = process.inputReader(); var err = process.errorReader()) {
      List<String> printed = out.readAllLines();
      String said = String.join("\n", err.readAllLines());
      return new Ran(process.waitFor(), printed, said);
    }
  }

  private static String available(String detail) {
    return "Available[detail=" + detail + ", parts=[]]";
  }

  /** The switch of GraalVM is on, though no compiler is there: with the first tier alone nobody asks for it. */
  @Test
  void whereGraalCompilesVectorsAreOfAtMost256BitsAndTheRemedyIsSaid() throws Exception {
    Ran own = java("--add-modules", "jdk.incubator.vector", INTERFACE, "-XX:-UseJVMCICompiler");
    Assumptions.assumeFalse(own.err().contains("Unrecognized VM option"), "this Java machine takes no other compiler");
    assertEquals(0, own.exitCode(), own.err());
    int widest = bits(own);
    assertEquals(List.of(available("Vector API, " + widest + " bits")), own.out());
    assertFalse(own.err().contains(GraalCompiler.REMEDY), own.err());

    Ran graal = java("--add-modules", "jdk.incubator.vector", INTERFACE, "-XX:+UseJVMCICompiler");
    assertEquals(0, graal.exitCode(), graal.err());
    assertEquals(List.of(available("Vector API, " + Math.min(widest, 256) + " bits; " + GraalCompiler.REMEDY)),
        graal.out());
    assertEquals(2, graal.err().split(GraalCompiler.REMEDY, -1).length, graal.err());

    // of plain loops nothing is known
    Ran plain = java(INTERFACE, "-XX:+UseJVMCICompiler");
    assertEquals(List.of(available("plain Java loops")), plain.out());
    assertFalse(plain.err().contains(GraalCompiler.REMEDY), plain.err());
  }

  private static int bits(Ran ran) {
    return Integer.parseInt(ran.out().getFirst().replaceAll("\\D+(\\d+) bits.*", "$1"));
  }
}
