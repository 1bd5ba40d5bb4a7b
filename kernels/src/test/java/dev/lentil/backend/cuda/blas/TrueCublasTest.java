package dev.lentil.backend.cuda.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cuda.driver.CudaLibraries;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * NVIDIA's own cuBLAS, where it is installed ({@code pip install nvidia-cublas}, and {@code LENTIL_CUDA_PATH} to its
 * folder). It needs no card to be loaded and to say that there is none. Skipped elsewhere.
 */
class TrueCublasTest {
  private CudaLibraries.Found found;

  @BeforeEach
  void find() {
    Optional<CudaLibraries.Found> library = EmulatedCard.trueLibrary("cublas", 13, 12);
    Assumptions.assumeTrue(library.isPresent(), "cuBLAS is not installed, so it is not called");
    found = library.orElseThrow();
  }

  @Test
  void hasEveryCallThatLentilMakes() {
    for (String name : NativeCublas.CALLS) {
      assertTrue(found.symbols().find(name).isPresent(), found.where() + " has no " + name);
    }
    System.out.println(found.where() + " has " + NativeCublas.CALLS);
  }

  @Test
  void withoutACardItsAnswerIsUnderstood() throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      var create = Linker.nativeLinker().downcallHandle(found.symbols().find("cublasCreate_v2").orElseThrow(),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
      int status = (int) create.invokeWithArguments(arena.allocate(ValueLayout.ADDRESS));
      Assumptions.assumeTrue(status != 0, "there is a card");
      var problem = assertThrows(BackendException.class, () -> BlasError.check(status, "start"));
      assertEquals(1, status, "not initialised");
      assertTrue(problem.getMessage().contains("not initialised"), problem.getMessage());
    }
  }
}
