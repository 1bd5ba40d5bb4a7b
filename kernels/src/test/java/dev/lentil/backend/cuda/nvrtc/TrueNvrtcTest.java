package dev.lentil.backend.cuda.nvrtc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cuda.driver.CudaLibraries;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * NVIDIA's own NVRTC, which needs no card, where it is installed ({@code pip install nvidia-cuda-nvrtc}, and
 * {@code LENTIL_CUDA_PATH} to its folder). Skipped elsewhere, also in a build that counts: a machine without CUDA is the
 * usual case.
 */
class TrueNvrtcTest {
  private NativeNvrtc nvrtc;

  @BeforeEach
  void find() {
    Optional<CudaLibraries.Found> found = EmulatedCard.trueLibrary("nvrtc", 13, 12);
    Assumptions.assumeTrue(found.isPresent(), "NVRTC is not installed, so the kernels are not compiled by it");
    nvrtc = new NativeNvrtc(found.orElseThrow());
  }

  private static List<String> options(int architecture, String type) {
    return List.of("--gpu-architecture=sm_" + architecture, type);
  }

  @Test
  void everySourceByItself() throws IOException {
    for (String name : KernelFiles.names()) {
      assertTrue(nvrtc.compile(KernelSource.of(name), options(90, "-DLENTIL_FLOAT32")).length > 0, name);
    }
    System.out.println(nvrtc.version() + " compiled each of " + KernelFiles.names().size() + " sources for 90");
  }

  @Test
  void allSourcesForEveryGeneration() throws IOException {
    var text = new StringBuilder();
    var headers = new LinkedHashMap<String, String>();
    for (String name : KernelFiles.names()) {
      KernelSource source = KernelSource.of(name);
      text.append(source.text()).append('\n');
      headers.putAll(source.headers());
    }
    var all = new KernelSource("all.cu", text.toString(), headers);
    List<Integer> known = nvrtc.architectures();
    var architectures = new TreeSet<>(List.of(75, 80, 90));
    architectures.add(known.stream().max(Integer::compare).orElseThrow());
    architectures.retainAll(known);
    for (int architecture : architectures) {
      for (String type : List.of("-DLENTIL_FLOAT32", "-DLENTIL_BF16")) {
        byte[] cubin = nvrtc.compile(all, options(architecture, type));
        assertEquals(0x7F, cubin[0], "machine code is an ELF file");
      }
    }
    System.out.println(nvrtc.version() + " compiled all sources in both types for " + architectures);
  }

  @Test
  void itsLogIsInTheMessage() {
    var wrong = new KernelSource("wrong.cu", "extern \"C\" __global__ void f(int* x) { *x = y; }\n", Map.of());
    var problem = assertThrows(BackendException.class, () -> nvrtc.compile(wrong, options(90, "-DX")));
    assertTrue(problem.getMessage().contains("wrong.cu") && problem.getMessage().contains("undefined"),
        problem.getMessage());
  }
}
