package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lentil.backend.cuda.driver.CudaLibraries.Found;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the system's own files say of an installed driver, which a machine without a card has none of. */
class InstalledDriverTest {
  @Test
  void theKernelModulesVersion() {
    assertEquals(Optional.of("580.95.05"), KernelModule.version("""
        NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build  (dvs-builder@U22)
        GCC version:  gcc version 11.4.0 (Ubuntu 11.4.0-1ubuntu1~22.04)
        """));
    assertEquals(Optional.of("470.57.02"), KernelModule.version(
        "NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.57.02  Tue Jul 13 16:14:05 UTC 2021\n"));
    assertEquals(Optional.empty(), KernelModule.version("something else"));
  }

  @Test
  void theFileOfALibraryThatTheLoaderFound() {
    var mapped = List.of(
        "7f0000000000-7f0000001000 r--p 00000000 08:01 41 /usr/lib/x86_64-linux-gnu/libcudadebugger.so.1",
        "7f0000002000-7f0000003000 r--p 00000000 08:01 42                   /usr/lib/x86_64-linux-gnu/libcuda.so.580.95.05",
        "7f0000004000-7f0000005000 rw-p 00000000 00:00 0                    [stack]");
    var driver = new Found("libcuda.so.1", 1, "libcuda.so.1", SymbolLookup.loaderLookup());
    assertEquals("/usr/lib/x86_64-linux-gnu/libcuda.so.580.95.05", LoadedFile.of(driver, mapped));
    assertEquals("libcuda.so.1", LoadedFile.of(driver, List.of()));
    assertEquals("/opt/libcuda.so.1", LoadedFile.of(new Found("libcuda.so.1", 1, "/opt/libcuda.so.1",
        SymbolLookup.loaderLookup())));
  }

  @Test
  void aLibraryThatIsNewerThanTheDriver() {
    assertEquals(
        ". This library is of CUDA 13, the driver for CUDA 12.4: install a newer NVIDIA driver, or the libraries of "
            + "CUDA 12",
        CudaProbe.olderDriver(13, 12040));
    assertEquals("", CudaProbe.olderDriver(12, 12040));
    assertEquals("", CudaProbe.olderDriver(12, 13000));
  }

  @Test
  void versionsAsLibrariesTellThem() {
    assertEquals("13.1.0", CudaProbe.dotted("cuBLAS 130100"));
    assertEquals("12.6.3", CudaProbe.dotted("cuBLAS 12.6.3"));
    assertEquals("13.0", CudaProbe.dotted("NVRTC 13.0"));
  }
}
