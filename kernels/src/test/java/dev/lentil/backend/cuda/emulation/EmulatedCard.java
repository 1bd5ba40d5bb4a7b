package dev.lentil.backend.cuda.emulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.lentil.backend.cuda.dnn.CudnnChoice;
import dev.lentil.backend.cuda.driver.CudaLibraries;
import dev.lentil.backend.cuda.driver.CudaLibraries.Found;
import dev.lentil.backend.cuda.driver.Ledger;
import dev.lentil.backend.cuda.nvrtc.KernelCache;
import dev.lentil.testing.SharedData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The emulated card, or a true one. {@link #install()} builds the libraries where they are not built yet, and lets the backend find them
 * before any true ones. It must come before the backend is used for the first time in this JVM.
 */
public final class EmulatedCard {
  /** Set where tests run on a true card instead: those of the classes that {@code bench/gpu/run} names. */
  private static final boolean TRUE_CARD = Boolean.getBoolean("lentil.cuda.card");

  private static final List<String> FILES =
      List.of("emulation.h", "emulated_driver.cpp", "emulated_cublas.cpp", "emulated_nvrtc.cpp", "emulated_cudnn.h",
          "emulated_cudnn.cpp", "emulated_cudnn_convolution.cpp", "emulated_cudnn_layers.cpp");

  private EmulatedCard() {}

  /** What {@link #install()} made, once. */
  private static final class Installed {
    static final Path FOLDER = build(12, 12);
    static final SymbolLookup DRIVER = open(FOLDER, "libcuda.so.1");
    static final SymbolLookup NVRTC = open(FOLDER, "libnvrtc.so.12");
    static final SymbolLookup CUBLAS = open(FOLDER, "libcublas.so.12");
    static final SymbolLookup CUDNN = open(FOLDER, "libcudnn.so.9");

    static {
      System.setProperty(CudaLibraries.PATH_PROPERTY, FOLDER.toString());
      System.setProperty(KernelCache.FOLDER_PROPERTY, FOLDER.resolve("cache").toString());
      // Lentil's own kernels, unless a test wants it otherwise: CudnnFor.
      System.setProperty(CudnnChoice.PROPERTY, "none");
    }
  }

  /** Whether the tests run on a true card, which is large and fast. */
  public static boolean isTrue() {
    return TRUE_CARD;
  }

  private static SymbolLookup open(Path folder, String name) {
    return SymbolLookup.libraryLookup(folder.resolve(name), Arena.global());
  }

  /** Without g++ the calling test is skipped, or fails where the build counts: {@link Tool#require}. */
  public static void install() {
    if (TRUE_CARD) {
      return;
    }
    Tool.require("g++", "run kernels on the processor");
    assertEquals(Installed.FOLDER.toString(), System.getProperty(CudaLibraries.PATH_PROPERTY),
        "another set of libraries is in use in this JVM");
  }

  /**
   * Builds a set of libraries, unless it is there.
   *
   * @param cublas the version that cuBLAS has and says
   * @return the folder
   */
  public static synchronized Path build(int cublas, int nvrtc) {
    Tool compiler = Tool.require("g++", "run kernels on the processor");
    try {
      Path folder = SharedData.repositoryRoot().resolve("kernels/target/emulated")
          .resolve(hash() + "-" + cublas + "-" + nvrtc);
      if (!Files.exists(folder.resolve("complete"))) {
        Files.createDirectories(folder);
        Path driver = folder.resolve("libcuda.so.1");
        library(compiler, driver, "emulated_driver.cpp", List.of("-U_FORTIFY_SOURCE"));
        versioned(compiler, folder, "cublas", cublas, List.of(driver.toString()));
        versioned(compiler, folder, "nvrtc", nvrtc,
            List.of("-DEMULATION_HEADER=\"" + sources().resolve("emulation.h") + "\""));
        versioned(compiler, folder, "cudnn", 9, List.of(sources().resolve("emulated_cudnn_convolution.cpp").toString(),
            sources().resolve("emulated_cudnn_layers.cpp").toString(), driver.toString()));
        Files.writeString(folder.resolve("complete"), "");
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** NVIDIA's libraries give every symbol the library's name as its version, and JCuda's are linked against that. */
  private static void versioned(Tool compiler, Path folder, String stem, int version, List<String> more)
      throws IOException {
    String name = "lib" + stem + ".so." + version;
    Path script = Files.writeString(folder.resolve(stem + ".map"), name + " { global: *; };\n");
    var options = new ArrayList<>(more);
    options.add("-DEMULATED_VERSION=" + version);
    options.add("-Wl,--version-script=" + script);
    library(compiler, folder.resolve(name), "emulated_" + stem + ".cpp", options);
  }

  private static void library(Tool compiler, Path library, String source, List<String> more) {
    var arguments = new ArrayList<>(List.of("-std=c++17", "-O2", "-Wall", "-Wextra", "-shared", "-fPIC",
        "-Wl,-soname," + library.getFileName(), "-o", library.toString(), sources().resolve(source).toString()));
    arguments.addAll(more);
    compiler.run(arguments);
  }

  private static Path sources() {
    return SharedData.repositoryRoot().resolve("kernels/src/test/cuda");
  }

  private static String hash() throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String file : FILES) {
        digest.update(Files.readAllBytes(sources().resolve(file)));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** A symbol that only the emulated library has. */
  private static final Map<String, String> MARKS = Map.of("cuda", "emulated_live", "cublas", "emulated_cublas_handles",
      "nvrtc", "emulated_nvrtc_compilations");

  /** NVIDIA's own library where it is installed, whatever this class has put before it. */
  public static Optional<Found> trueLibrary(String stem, int... versions) {
    Optional<String> emulated = Optional.ofNullable(System.getProperty(CudaLibraries.PATH_PROPERTY));
    System.clearProperty(CudaLibraries.PATH_PROPERTY);
    try {
      // One that is loaded already is found by its name, too.
      return CudaLibraries.load(stem, versions).filter(found -> found.symbols().find(MARKS.get(stem)).isEmpty());
    } finally {
      emulated.ifPresent(path -> System.setProperty(CudaLibraries.PATH_PROPERTY, path));
    }
  }

  // ---- what the emulated driver counts and can be told ----

  /** Everything that was made on the card and not given back. */
  public static int live() {
    FunctionDescriptor count = FunctionDescriptor.of(ValueLayout.JAVA_INT);
    return (int) call("emulated_live", count) + (int) call(Installed.CUBLAS, "emulated_cublas_handles", count)
        + (int) call(Installed.CUDNN, "emulated_cudnn_live", count);
  }

  /** By the backend's own count, and by that of the emulated card, which also has what the backend does not count. */
  public static void requireNothingLive() {
    assertEquals(Map.of(), Ledger.everywhere(), "memory or handles were not given back to the card");
    if (!TRUE_CARD) {
      assertEquals(0, live(), "memory or handles were not given back to the card");
    }
  }

  public static long launches() {
    return (long) call("emulated_launches", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
  }

  /** How many copies from pinned memory have been made, which those that still wait in a stream have not. */
  public static long uploads() {
    return (long) call("emulated_uploads", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
  }

  public static long graphLaunches() {
    return (long) call("emulated_graph_launches", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
  }

  /** How often a kernel has run, as a launch of its own or in a graph. */
  public static long runs(String kernel) {
    try (Arena arena = Arena.ofConfined()) {
      return (long) call("emulated_runs", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
          arena.allocateFrom(kernel));
    }
  }

  /** How often NVRTC was asked to compile. */
  public static long compilations() {
    return (long) call(Installed.NVRTC, "emulated_nvrtc_compilations", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
  }

  /** Whether the last matrix product was calculated in TF32. */
  public static boolean usedTf32() {
    return (int) call(Installed.CUBLAS, "emulated_cublas_used_tf32", FunctionDescriptor.of(ValueLayout.JAVA_INT)) != 0;
  }

  /** Whether the last convolution of cuDNN kept to float32. */
  public static boolean convolvedInFloat32() {
    return (int) call(Installed.CUDNN, "emulated_cudnn_used_fma", FunctionDescriptor.of(ValueLayout.JAVA_INT)) != 0;
  }

  /** How often a function of cuDNN has been given work. */
  public static int cudnnCalls(String function) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) call(Installed.CUDNN, "emulated_cudnn_calls",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS), arena.allocateFrom(function));
    }
  }

  /** cuDNN's next starts answer with a status. */
  public static void startCudnnWith(int status) {
    call(Installed.CUDNN, "emulated_cudnn_start_with", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), status);
  }

  /** Whether cuDNN has no algorithm for any convolution. */
  public static void cudnnLacksAlgorithms(boolean value) {
    call(Installed.CUDNN, "emulated_cudnn_lacks_all", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), value ? 1 : 0);
  }

  /** The order in which threads and blocks run: a kernel whose result depends on it lacks a barrier. */
  public enum Order {
    FORWARDS, BACKWARDS
  }

  /** A true card has an order of its own. */
  public static void run(Order order) {
    if (TRUE_CARD) {
      return;
    }
    call("emulated_set_reversed", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), order.ordinal());
  }

  /**
   * Whether streams do their work as late as they may, when somebody waits for it, and the stream that is waited for before the
   * others: what is read, written or given back too early then shows. A true card works as it likes.
   */
  public static void workLate(boolean value) {
    if (TRUE_CARD) {
      return;
    }
    call("emulated_set_late", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), value ? 1 : 0);
  }

  /** That nobody has waited for all that streams were given; meant for where they {@link #workLate}. A true card does not say. */
  public static void requireWorkLeft() {
    if (!TRUE_CARD) {
      int waiting = (int) call("emulated_waiting", FunctionDescriptor.of(ValueLayout.JAVA_INT));
      assertNotEquals(0, waiting, "the card was waited for");
    }
  }

  public static void setMemory(long bytes) {
    call("emulated_set_memory", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG), bytes);
  }

  /** How much another program takes after each look at the free memory, which does not see it. */
  public static void setTaken(long bytes) {
    call("emulated_set_taken", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG), bytes);
  }

  /** How much of the host's memory may be pinned. */
  public static void setPinnable(long bytes) {
    call("emulated_set_pinnable", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG), bytes);
  }

  public static void setCards(int count) {
    call("emulated_set_devices", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), count);
  }

  /** Makes the card again what it was before the tests. */
  public static void restore() {
    recover();
    setMemory(4L << 30);
    setTaken(0);
    setPinnable(Long.MAX_VALUE);
    setEventsLeft(-1);
    setModulesLeft(-1);
    answerMathModeWith(0);
    setCards(1);
    setArchitecture(90);
    startCublasWith(0);
  }

  /** Of all cards: 90 for compute capability 9.0, which they have until then. */
  public static void setArchitecture(int architecture) {
    call("emulated_set_architecture", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), architecture);
  }

  /** cuBLAS's next starts answer with a status. */
  public static void startCublasWith(int status) {
    call(Installed.CUBLAS, "emulated_cublas_start_with", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), status);
  }

  /** The next launch fails with a driver error, and after it everything, until {@link #recover()}. */
  public static void failNextLaunch(int error) {
    call("emulated_fail_next_launch", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), error);
  }

  /** How many events can still be made before one cannot; negative for any number. */
  public static void setEventsLeft(int count) {
    call("emulated_set_events_left", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), count);
  }

  /** The same of files of kernels, for which a full card has no room. */
  public static void setModulesLeft(int count) {
    call("emulated_set_modules_left", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), count);
  }

  /** What cuBLAS answers where it is told how to calculate. */
  public static void answerMathModeWith(int status) {
    call(Installed.CUBLAS, "emulated_cublas_answer_math_mode_with", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT),
        status);
  }

  /** Whether recordings fail, as they do where a library does something in them that cannot be recorded. */
  public static void refuseRecording(boolean value) {
    call("emulated_refuse_recording", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), value ? 1 : 0);
  }

  public static void recover() {
    call("emulated_recover", FunctionDescriptor.ofVoid());
  }

  private static Object call(String name, FunctionDescriptor type, Object... arguments) {
    return call(Installed.DRIVER, name, type, arguments);
  }

  private static Object call(SymbolLookup library, String name, FunctionDescriptor type, Object... arguments) {
    try {
      Object result = Linker.nativeLinker().downcallHandle(library.find(name).orElseThrow(), type)
          .invokeWithArguments(arguments);
      return result == null ? "nothing" : result;
    } catch (Throwable e) {
      throw new AssertionError(name, e);
    }
  }
}
