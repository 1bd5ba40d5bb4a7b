package dev.lentil.backend.cuda.nvrtc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.testing.files.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  private static byte[] get(KernelCache cache, KernelSource source, List<String> options) {
    return cache.load(source, options, code -> code);
  }

  private long compilations() {
    return EmulatedCard.compilations() - before;
  }

  @Test
  void compilesOnce() {
    KernelSource source = KernelSource.of("add.cu");
    byte[] first = get(cache, source, OPTIONS);
    assertEquals(1, compilations());
    assertArrayEquals(first, get(cache, source, OPTIONS));
    assertArrayEquals(first, get(new KernelCache(cache.folder(), NvrtcProvider.open(), "13000"), source, OPTIONS));
    assertEquals(1, compilations());
  }

  @Test
  void whateverChangesIsCompiledAgain() {
    KernelSource source = KernelSource.of("add.cu");
    get(cache, source, OPTIONS);
    get(cache, source, List.of("--gpu-architecture=sm_80"));
    assertEquals(2, compilations(), "another card");
    get(new KernelCache(cache.folder(), NvrtcProvider.open(), "12080"), source, OPTIONS);
    assertEquals(3, compilations(), "another driver");
    get(cache, new KernelSource(source.name(), source.text() + "\n", source.headers()), OPTIONS);
    assertEquals(4, compilations(), "another source");
    get(cache, new KernelSource(source.name(), source.text(),
        Map.of("lentil.cuh", source.headers().get("lentil.cuh") + "\n")), OPTIONS);
    assertEquals(5, compilations(), "another header");
  }

  @Test
  void aFolderThatCannotBeWrittenCostsTimeOnly() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    KernelCache stuck = new KernelCache(file, NvrtcProvider.open(), "13000");
    KernelSource source = KernelSource.of("add.cu");
    assertArrayEquals(get(stuck, source, OPTIONS), get(stuck, source, OPTIONS));
    assertEquals(2, compilations());
  }

  @Test
  void leavesNoHalfFileBehind() throws IOException {
    get(cache, KernelSource.of("add.cu"), OPTIONS);
    try (var files = Files.list(cache.folder())) {
      assertEquals(List.of(true), files.map(file -> file.toString().endsWith(".cubin")).toList());
    }
  }

  @Test
  void aFullDiskKeepsNoHalfFile() throws IOException {
    var disk = new Disk(folder);
    disk.leave(1000);
    KernelCache full = new KernelCache(disk.path("full"), NvrtcProvider.open(), "13000");
    KernelSource source = KernelSource.of("add.cu");
    byte[] code = get(full, source, OPTIONS);
    assertTrue(code.length > 1000);
    try (var files = Files.list(folder.resolve("full"))) {
      assertEquals(List.of(), files.toList());
    }
    disk.mend();
    get(full, source, OPTIONS);
    assertArrayEquals(code, get(full, source, OPTIONS));
    assertEquals(2, compilations());
  }

  /** What a driver does that knows its own code. */
  private static byte[] accepted(byte[] code, byte[] whole) {
    if (!Arrays.equals(code, whole)) {
      throw new BackendException("no code for this card");
    }
    return code;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no code"})
  void aDamagedFileIsCompiledAgainAndReplaced(String content) throws IOException {
    KernelSource source = KernelSource.of("add.cu");
    byte[] whole = get(cache, source, OPTIONS);
    Path file;
    try (var files = Files.list(cache.folder())) {
      file = files.findFirst().orElseThrow();
    }
    Files.writeString(file, content);
    assertArrayEquals(whole, cache.load(source, OPTIONS, code -> accepted(code, whole)));
    assertEquals(2, compilations());
    assertArrayEquals(whole, Files.readAllBytes(file));
    assertArrayEquals(whole, cache.load(source, OPTIONS, code -> accepted(code, whole)));
    assertEquals(2, compilations());
  }

  @Test
  void whatIsRefusedFreshIsAnError() {
    KernelSource source = KernelSource.of("add.cu");
    for (int i = 1; i <= 2; i++) {
      assertThrows(BackendException.class,
          () -> cache.load(source, OPTIONS, code -> accepted(code, new byte[0])));
      assertEquals(i, compilations());
    }
  }

  @Test
  void whatDoesNotCompileIsRefusedWithTheCompilersWords() {
    var wrong = new KernelSource("wrong.cu", "KERNEL nothing(int* x) { y = 3; }\n", Map.of());
    var problem = assertThrows(BackendException.class, () -> get(cache, wrong, OPTIONS));
    assertTrue(problem.getMessage().contains("wrong.cu") && problem.getMessage().contains("error"),
        problem.getMessage());
  }
}
