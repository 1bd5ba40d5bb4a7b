package dev.lentil.ham10000.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backend;
import dev.lentil.backend.Backends;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The program is deployed without anything of CUDA: its class path, which these tests run on, has none of it. */
class CpuDeploymentTest {
  private static List<String> classPath() {
    // surefire starts the tests from a jar that names the class path, and says here what it is
    String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(path.split(File.pathSeparator)).map(entry -> entry.replace('\\', '/')).toList();
  }

  @Test
  void noArtifactOfCudaIsOnTheClassPath() {
    assertTrue(classPath().stream().anyMatch(entry -> entry.contains("picocli")), "this is the program's class path");
    for (String entry : classPath()) {
      String name = entry.substring(entry.lastIndexOf('/') + 1);
      assertFalse(name.startsWith("jcu") || name.contains("cuda") || entry.contains("/kernels/")
          || name.startsWith("lentil-kernels"), entry);
    }
  }

  /** On a CPU the program is Java alone, so that it runs wherever Java does. */
  @Test
  void noNativeLibraryIsOnTheClassPath() throws IOException {
    int jars = 0;
    for (String entry : classPath()) {
      if (entry.endsWith(".jar")) {
        jars++;
        try (var jar = new JarFile(entry)) {
          jar.stream().map(JarEntry::getName)
              .forEach(name -> assertFalse(name.matches(".*\\.(so|dll|dylib|jnilib)"), entry + " has " + name));
        }
      }
    }
    assertTrue(jars > 10, jars + " jars");
  }

  @Test
  void onlyTheProcessorsBackendsAreFound() {
    assertEquals(List.of("cpu", "reference"), Backends.all().stream().map(Backend::name).sorted().toList());
  }
}
