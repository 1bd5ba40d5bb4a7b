package dev.lentil.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.BackendException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JCudaNativesTest {
  private static final String FOLDER = System.getProperty("java.io.tmpdir");

  /** As JCuda puts it, whose first line says nothing of it. */
  private static UnsatisfiedLinkError unloadable(String reason) {
    return new UnsatisfiedLinkError("Error while loading native library \"JCudaDriver\"\nStack trace\n" + reason);
  }

  private static void fail(LinkageError problem) {
    JCudaNatives.load(() -> {
      throw problem;
    });
  }

  @ParameterizedTest
  @CsvSource({"libJCudaDriver.so: failed to map segment from shared object, noexec",
      "java.io.IOException: No space left on device, full"})
  void aFolderThatNothingCanBeLoadedFromIsNamed(String reason, String part) {
    UnsatisfiedLinkError problem = unloadable(reason);
    var again = new NoClassDefFoundError("Could not initialize class");
    again.initCause(problem);
    for (LinkageError each : new LinkageError[] {problem, new ExceptionInInitializerError(problem), again}) {
      var refused = assertThrows(BackendException.class, () -> fail(each));
      for (String said : new String[] {FOLDER + " ", part, "-Djava.io.tmpdir="}) {
        assertTrue(refused.getMessage().contains(said), refused.getMessage());
      }
      assertEquals(FOLDER, System.getProperty("java.io.tmpdir"));
    }
  }

  @Test
  void otherReasonsAreTheLibrarys() {
    var problem = assertThrows(UnsatisfiedLinkError.class,
        () -> fail(new ExceptionInInitializerError(unloadable("libcudart.so.12: cannot open"))));
    assertTrue(problem.getMessage().contains("libcudart"), problem.getMessage());
  }
}
