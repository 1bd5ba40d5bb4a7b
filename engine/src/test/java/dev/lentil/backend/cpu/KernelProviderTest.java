package dev.lentil.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cpu.scalar.ScalarKernels;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KernelProviderTest {
  private static final String PROBLEM = "the property lentil.cpu.species is '64', but must be one of "
      + "[scalar, 128, 256, 512]; correct it or leave it out";

  /** The property is read once for each process. */
  static final class Prober {
    public static void main(String[] args) {
      var backend = new CpuBackend();
      backend.probe();
      System.out.println(backend.probe());
    }
  }

  @Test
  void aWidthThatIsNoneIsSaidByTheProbeWhichThrowsNothing() throws Exception {
    var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1", "-Dlentil.cpu.species=64", "-cp", System.getProperty("java.class.path"),
        Prober.class.getName()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var output = process.inputReader()) {
      String all = String.join("\n", output.readAllLines());
      assertEquals("Unavailable[reason=" + PROBLEM + ", parts=[]]", all);
    }
    assertEquals(0, process.waitFor());
  }

  @Test
  void aWidthThatIsNoneGivesNoKernels() {
    var kernels = KernelProvider.choose(Optional.of("64"));
    for (int i = 0; i < 2; i++) {
      assertEquals(PROBLEM, assertThrows(BackendException.class, kernels::get).getMessage());
    }
    assertInstanceOf(ScalarKernels.class, KernelProvider.choose(Optional.of("scalar")).get());
  }
}
