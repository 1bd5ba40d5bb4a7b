package dev.lentil.backend.cuda.nvrtc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.testing.files.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

  private static byte[] get(KernelCache cache, KernelSource source, List<String> options) {
    return cache.get(source, options);
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

  private Path onlyFile() throws IOException {
    try (var files = Files.list(cache.folder())) {
      return files.findFirst().orElseThrow();
    }
  }

  private interface Damage {
    byte[] to(byte[] whole);
  }

  private void aDamagedFileIsCompiledAgainAndReplaced(Damage damage) throws IOException {
    long compiled = compilations();
    byte[] whole = Files.readAllBytes(onlyFile());
    Files.write(onlyFile(), damage.to(whole));
    byte[] code = get(cache, KernelSource.of("add.cu"), OPTIONS);
    assertEquals(compiled + 1, compilations());
    assertArrayEquals(code, Arrays.copyOf(whole, code.length));
    assertArrayEquals(whole, Files.readAllBytes(onlyFile()));
  }

  /** Nothing of it reaches the driver, which is not told how long the code is that it is given. */
  @Test
  void aDamagedFileIsCompiledAgainAndReplaced() throws IOException {
    get(cache, KernelSource.of("add.cu"), OPTIONS);
    aDamagedFileIsCompiledAgainAndReplaced(_ -> new byte[0]);
    aDamagedFileIsCompiledAgainAndReplaced(_ -> "no code".getBytes(StandardCharsets.UTF_8));
    aDamagedFileIsCompiledAgainAndReplaced(whole -> new byte[whole.length]);
    aDamagedFileIsCompiledAgainAndReplaced(whole -> Arrays.copyOf(whole, whole.length - 1));
    aDamagedFileIsCompiledAgainAndReplaced(whole -> Arrays.copyOf(whole, whole.length / 2));
    aDamagedFileIsCompiledAgainAndReplaced(whole -> {
      byte[] changed = whole.clone();
      changed[whole.length / 2] ^= 1;
      return changed;
    });
  }

  @Test
  void whatDoesNotCompileIsRefusedWithTheCompilersWords() {
    var wrong = new KernelSource("wrong.cu", "KERNEL nothing(int* x) { y = 3; }\n", Map.of());
    var problem = assertThrows(BackendException.class, () -> get(cache, wrong, OPTIONS));
    assertTrue(problem.getMessage().contains("wrong.cu") && problem.getMessage().contains("error"),
        problem.getMessage());
  }
}
