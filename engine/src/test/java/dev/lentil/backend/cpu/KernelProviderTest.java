package dev.lentil.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cpu.scalar.ScalarKernels;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KernelProviderTest {
  private static final String PROBLEM = "the property lentil.cpu.species is '64', but must be one of "
      + "[scalar, 128, 256, 512]; correct it or leave it out";

  /** The property is read once for each process. */
  @Test
  void aWidthThatIsNoneIsSaidByTheProbeWhichThrowsNothing() throws Exception {
    var probe = Probe.with("-Dlentil.cpu.species=64");
    assertEquals("Unavailable[reason=" + PROBLEM + ", parts=[]]", probe.answer(), probe.log());
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
