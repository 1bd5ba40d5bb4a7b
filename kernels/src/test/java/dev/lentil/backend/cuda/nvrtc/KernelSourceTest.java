package dev.lentil.backend.cuda.nvrtc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.cuda.emulation.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelSourceTest {
  @Test
  void aSourceKnowsWhatItIncludes() {
    assertEquals(List.of("lentil.cuh", "philox.cuh", "state.cuh"),
        KernelSource.of("dropout.cu").headers().keySet().stream().sorted().toList());
    assertThrows(IllegalArgumentException.class, () -> KernelSource.of("nothing.cu"));
  }

  /** NVRTC finds no header file, so none may be asked for but our own. */
  @Test
  void everySourceIsOnTheClassPathAndIncludesOurHeadersOnly() {
    assertFalse(KernelFiles.names().isEmpty());
    for (String name : KernelFiles.names()) {
      KernelSource source = KernelSource.of(name);
      assertFalse(source.text().contains("#include <"), name);
      source.headers().forEach((header, text) -> assertFalse(text.contains("#include <"), header));
    }
  }

  @Test
  void noKernelHasTwoDefinitions() {
    var seen = new TreeSet<String>();
    for (String name : KernelFiles.names()) {
      KernelFiles.kernels(name).forEach(kernel -> assertTrue(seen.add(kernel), "twice: " + kernel));
    }
    assertTrue(seen.size() > 40, seen.toString());
  }

  /** All sources as one, for the oldest card that is supported, those in use, and the newest that the compiler knows. */
  @ParameterizedTest
  @ValueSource(strings = {"-DLENTIL_FLOAT32", "-DLENTIL_BF16"})
  void nvccCompilesEverySource(String type, @TempDir Path folder) throws IOException {
    Tool nvcc = Tool.orSkip("nvcc", "compile the kernels for a card", Path.of("/usr/local/cuda/bin"));
    Path all = Files.writeString(folder.resolve("all.cu"),
        KernelFiles.names().stream().map(name -> "#include \"" + name + "\"\n").collect(Collectors.joining()));
    String newest = nvcc.run(List.of("--list-gpu-arch")).lines().map(line -> line.replace("compute_", ""))
        .max((a, b) -> Integer.compare(Integer.parseInt(a), Integer.parseInt(b))).orElseThrow();
    var architectures = new TreeSet<>(List.of("75", "80", "90", newest));
    var arguments =
        new ArrayList<>(List.of("-fatbin", "--threads=0", "-std=c++17", "-Werror", "all-warnings", type, "-I",
            KernelFiles.FOLDER.toString(), "-o", folder.resolve("all.fatbin").toString()));
    architectures.forEach(a -> arguments.add("-gencode=arch=compute_" + a + ",code=sm_" + a));
    arguments.add(all.toString());
    nvcc.run(arguments);
    assertTrue(Files.size(folder.resolve("all.fatbin")) > 0);
    System.out.println("nvcc compiled " + KernelFiles.names().size() + " sources, " + type + ", for " + architectures);
  }
}
