package dev.lentil.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Backends;
import dev.lentil.backend.DeviceOptions;
import dev.lentil.backend.cuda.driver.CudaLibraries;
import dev.lentil.backend.cuda.emulation.EmulatedCard;
import dev.lentil.backend.cuda.emulation.Tool;
import dev.lentil.backend.cuda.nvrtc.KernelCache;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What is found and chosen on differently equipped machines, each in a JVM of its own. */
@Execution(ExecutionMode.CONCURRENT)
class CudaBackendTest {
  @TempDir
  private Path temporary;

  /** What {@link Probing} prints where the given folder is looked in first. */
  private static String probe(Path libraries) {
    return probe(libraries.toString(), libraries.resolve("cache"));
  }

  /** @param options for the JVM, besides those that every probe has */
  private static String probe(String libraries, Path cache, String... options) {
    var java = new Tool(Path.of(System.getProperty("java.home"), "bin/java"));
    var arguments = new ArrayList<>(
        List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "--enable-native-access=ALL-UNNAMED", "-D" + CudaLibraries.PATH_PROPERTY + "=" + libraries,
            "-D" + KernelCache.FOLDER_PROPERTY + "=" + cache));
    arguments.addAll(List.of(options));
    arguments.add(Probing.class.getName());
    return java.run(arguments);
  }

  private Path folderWith(Path from, String... names) throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("libraries"));
    for (String name : names) {
      Files.copy(from.resolve(name), folder.resolve(name));
    }
    return folder;
  }

  private static double loss(String output) {
    return Double.parseDouble(output.lines().filter(line -> line.startsWith("loss: ")).findFirst().orElseThrow()
        .substring(6));
  }

  private static double expectedLoss() {
    try (var reference = Backends.named("reference").open(new DeviceOptions(1))) {
      return SmallTraining.of(9, 8, 2, 1, 0).gradients(reference).get("loss").get(0);
    }
  }

  @Test
  void cuda12GoesThroughJCuda() {
    String output = probe(EmulatedCard.build(12, 12));
    assertTrue(output.contains("libcublas.so.12 through JCuda") && output.contains("libnvrtc.so.12 through JCuda"),
        output);
    assertEquals(expectedLoss(), loss(output), 1e-6, output);
  }

  /** JCuda's libraries for cuBLAS and NVRTC cannot load there. */
  @Test
  void cuda13GoesThroughTheForeignFunctionApi() {
    String output = probe(EmulatedCard.build(13, 13));
    assertTrue(
        output.contains("libcublas.so.13 through the Foreign Function and Memory API, since JCuda is made for CUDA 12"),
        output);
    assertTrue(output.contains("libnvrtc.so.13 through the Foreign"), output);
    assertTrue(output.contains("cuBLAS 130000"), output);
    assertEquals(expectedLoss(), loss(output), 1e-6, output);
  }

  /** What is found where the user says it is comes before what is preferred. */
  @Test
  void theFirstFolderCountsMoreThanTheVersion() {
    Path first = EmulatedCard.build(13, 13);
    String output = probe(first + File.pathSeparator + EmulatedCard.build(12, 12), first.resolve("cache"));
    assertTrue(output.contains("libcublas.so.13 through") && output.contains("libnvrtc.so.13 through"), output);
    assertEquals(expectedLoss(), loss(output), 1e-6, output);
  }

  /** As {@code pip install} does it where there is no virtual environment. */
  @Test
  void pythonsPackagesOfTheUserAreFound() throws IOException {
    Assumptions.assumeTrue(EmulatedCard.trueLibrary("cublas", 12, 13).isEmpty(), "cuBLAS is installed");
    Path emulated = EmulatedCard.build(12, 12);
    Path libraries = folderWith(emulated, "libcuda.so.1", "libnvrtc.so.12");
    Path packages = temporary.resolve(".local/lib/python3.13/site-packages/nvidia/cublas/lib");
    Files.createDirectories(packages);
    Files.copy(emulated.resolve("libcublas.so.12"), packages.resolve("libcublas.so.12"));
    String output = probe(libraries.toString(), emulated.resolve("cache"), "-Duser.home=" + temporary);
    assertTrue(output.contains("libcublas.so.12 through JCuda"), output);
    assertEquals(expectedLoss(), loss(output), 1e-6, output);
  }

  @Test
  void withoutCublasTheRemedyIsNamed() throws IOException {
    Assumptions.assumeTrue(EmulatedCard.trueLibrary("cublas", 12, 13).isEmpty(), "cuBLAS is installed");
    String output = probe(folderWith(EmulatedCard.build(12, 12), "libcuda.so.1", "libnvrtc.so.12"));
    assertTrue(output.contains("unavailable: ") && output.contains("libcublas.so.13")
        && output.contains("nvidia-cublas") && output.contains("LENTIL_CUDA_PATH"), output);
  }

  @Test
  void withoutNvrtcTheRemedyIsNamed() throws IOException {
    Assumptions.assumeTrue(EmulatedCard.trueLibrary("nvrtc", 12, 13).isEmpty(), "NVRTC is installed");
    String output = probe(folderWith(EmulatedCard.build(12, 12), "libcuda.so.1", "libcublas.so.12"));
    assertTrue(output.contains("unavailable: ") && output.contains("nvidia-cuda-nvrtc"), output);
  }

  /** What is the matter with one part does not hide the others. */
  @Test
  void everyPartIsLookedAtWhateverIsMissing() throws IOException {
    Assumptions.assumeTrue(EmulatedCard.trueLibrary("cublas", 12, 13).isEmpty(), "cuBLAS is installed");
    Assumptions.assumeTrue(EmulatedCard.trueLibrary("nvrtc", 12, 13).isEmpty(), "NVRTC is installed");
    Path folder = folderWith(EmulatedCard.build(12, 12), "libcuda.so.1");
    String output = probe(folder);
    for (String line : List.of("READY driver: .*for CUDA 13\\.0, through JCuda; from " + folder + "/libcuda.so.1",
        "READY cuda:0: Emulated card 0, compute capability 9.0, 4.0 GiB", "FAILS cuBLAS: neither .*nvidia-cublas.*",
        "FAILS NVRTC: neither .*nvidia-cuda-nvrtc.*", "(READY|UNUSED) cuDNN: .*",
        "unavailable: neither libcublas.*; neither libnvrtc.*")) {
      assertTrue(output.lines().anyMatch(said -> said.matches(line)), line + " is not in: " + output);
    }
  }

  @Test
  void withoutADriverTheLibrariesAreLookedAt() throws IOException {
    Assumptions.assumeTrue(EmulatedCard.trueLibrary("cuda", 1).isEmpty(), "a driver is installed");
    String output = probe(folderWith(EmulatedCard.build(13, 13), "libnvrtc.so.13"));
    assertTrue(output.lines().anyMatch(line -> line.startsWith("FAILS driver: no NVIDIA driver")), output);
    assertTrue(
        output.lines().anyMatch(line -> line.startsWith("READY NVRTC: 13.0, libnvrtc.so.13 through the Foreign")),
        output);
  }

  @Test
  void cudnnTakesTheStemWhereItIsFound() {
    String output = probe(EmulatedCard.build(13, 13));
    assertTrue(output.contains("cuDNN: cuDNN 9.1.0 through JCudnn for convolution; from "), output);
  }

  /** It is not necessary, so its remedy is no more than an offer. */
  @Test
  void withoutCudnnOwnKernelsRun() throws IOException {
    String output = probe(folderWith(EmulatedCard.build(12, 12), "libcuda.so.1", "libcublas.so.12", "libnvrtc.so.12"));
    Assumptions.assumeFalse(output.contains("READY cuDNN"), "cuDNN is installed");
    assertTrue(output.contains("no cuDNN but own kernels, since libcudnn.so.9") && output.contains("nvidia-cudnn-cu13"),
        output);
    assertEquals(expectedLoss(), loss(output), 1e-6, output);
  }

  @Test
  void withoutADriverTheRemedyIsNamed() {
    Assumptions.assumeTrue(EmulatedCard.trueLibrary("cuda", 1).isEmpty(), "a driver is installed");
    String output = probe(temporary);
    assertTrue(output.contains("unavailable: no NVIDIA driver") && output.contains("--gpus all"), output);
  }

  /** A file of the right name that is no library. */
  @Test
  void aBrokenDriverDoesNotThrow() throws IOException {
    Assumptions.assumeTrue(EmulatedCard.trueLibrary("cuda", 1).isEmpty(), "a driver is installed");
    Files.writeString(temporary.resolve("libcuda.so.1"), "no library");
    assertTrue(probe(temporary).contains("unavailable: "));
  }

  @Test
  void aTemporaryFolderThatIsNotThereIsNamed() {
    Path libraries = EmulatedCard.build(12, 12);
    Path missing = temporary.resolve("missing");
    String output = probe(libraries.toString(), libraries.resolve("cache"), "-Djava.io.tmpdir=" + missing);
    assertTrue(output.contains("unavailable: JCuda's libraries are to be unpacked into " + missing + " ")
        && output.contains("-Djava.io.tmpdir=") && !output.contains("LENTIL_CUDA_PATH"), output);
  }

  @Test
  void jcudasLibrariesLeaveNothingInTheTemporaryFolder() throws IOException {
    Path libraries = EmulatedCard.build(12, 12);
    String output = probe(libraries.toString(), libraries.resolve("cache"), "-Djava.io.tmpdir=" + temporary);
    assertTrue(output.contains("opened: "), output);
    try (var left = Files.list(temporary)) {
      assertFalse(left.anyMatch(file -> file.getFileName().toString().contains("JCu")
          || file.getFileName().toString().startsWith("lentil-jcuda")), output);
    }
  }
}
