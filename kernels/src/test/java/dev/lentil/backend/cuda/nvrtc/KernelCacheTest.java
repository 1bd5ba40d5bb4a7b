package dev.lentil.backend.cuda.nvrtc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelCacheTest {
  private static final List<String> OPTIONS = List.of("--gpu-architecture=sm_90");

  @TempDir
  private Path folder;

  private KernelCache cache;
  private long before;

  @BeforeAll
  static void card() {
    EmulatedCard.install();
  }

  @BeforeEach
  void open() {
    cache = new KernelCache(folder.resolve("kernels"), NvrtcProvider.open(), "13000");
    before = EmulatedCard.compilations();
  }

  private long compilations() {
    return EmulatedCard.compilations() - before;
  }

  @Test
  void compilesOnce() {
    KernelSource source = KernelSource.of("add.cu");
    byte[] first = cache.get(source, OPTIONS);
    assertEquals(1, compilations());
    assertArrayEquals(first, cache.get(source, OPTIONS));
    assertArrayEquals(first, new KernelCache(cache.folder(), NvrtcProvider.open(), "13000").get(source, OPTIONS));
    assertEquals(1, compilations());
  }

  @Test
  void whateverChangesIsCompiledAgain() {
    KernelSource source = KernelSource.of("add.cu");
    cache.get(source, OPTIONS);
    cache.get(source, List.of("--gpu-architecture=sm_80"));
    assertEquals(2, compilations(), "another card");
    new KernelCache(cache.folder(), NvrtcProvider.open(), "12080").get(source, OPTIONS);
    assertEquals(3, compilations(), "another driver");
    cache.get(new KernelSource(source.name(), source.text() + "\n", source.headers()), OPTIONS);
    assertEquals(4, compilations(), "another source");
    cache.get(new KernelSource(source.name(), source.text(),
        Map.of("lentil.cuh", source.headers().get("lentil.cuh") + "\n")), OPTIONS);
    assertEquals(5, compilations(), "another header");
  }

  @Test
  void aFolderThatCannotBeWrittenCostsTimeOnly() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    KernelCache stuck = new KernelCache(file, NvrtcProvider.open(), "13000");
    KernelSource source = KernelSource.of("add.cu");
    assertArrayEquals(stuck.get(source, OPTIONS), stuck.get(source, OPTIONS));
    assertEquals(2, compilations());
  }

  @Test
  void leavesNoHalfFileBehind() throws IOException {
    cache.get(KernelSource.of("add.cu"), OPTIONS);
    try (var files = Files.list(cache.folder())) {
      assertEquals(List.of(true), files.map(file -> file.toString().endsWith(".cubin")).toList());
    }
  }

  @Test
  void whatDoesNotCompileIsRefusedWithTheCompilersWords() {
    var wrong = new KernelSource("wrong.cu", "KERNEL nothing(int* x) { y = 3; }\n", Map.of());
    var problem = assertThrows(BackendException.class, () -> cache.get(wrong, OPTIONS));
    assertTrue(problem.getMessage().contains("wrong.cu") && problem.getMessage().contains("error"),
        problem.getMessage());
  }
}
