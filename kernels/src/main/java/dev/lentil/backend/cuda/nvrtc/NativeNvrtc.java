package dev.lentil.backend.cuda.nvrtc;

import static dev.lentil.backend.cuda.nvrtc.NvrtcError.check;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cuda.driver.CudaLibraries.Found;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** NVRTC of any version through the Foreign Function and Memory API: the ten calls of nvrtc.h that Lentil makes. */
final class NativeNvrtc implements Nvrtc {
  private final Found library;

  NativeNvrtc(Found library) {
    this.library = library;
  }

  @Override
  public String version() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment major = arena.allocate(JAVA_INT);
      MemorySegment minor = arena.allocate(JAVA_INT);
      ok(call("nvrtcVersion", major, minor), "say its version");
      return "NVRTC " + major.get(JAVA_INT, 0) + "." + minor.get(JAVA_INT, 0);
    }
  }

  @Override
  public List<Integer> architectures() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(JAVA_INT);
      ok(call("nvrtcGetNumSupportedArchs", count), "say what it compiles for");
      MemorySegment architectures = arena.allocate(JAVA_INT, count.get(JAVA_INT, 0));
      ok(call("nvrtcGetSupportedArchs", architectures), "say what it compiles for");
      return IntStream.of(architectures.toArray(JAVA_INT)).boxed().toList();
    }
  }

  @Override
  public byte[] compile(KernelSource source, List<String> options) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment place = arena.allocate(ADDRESS);
      ok(call("nvrtcCreateProgram", place, arena.allocateFrom(source.text()), arena.allocateFrom(source.name()),
          source.headers().size(), strings(arena, source.headers().values()),
          strings(arena, source.headers().keySet())), "start");
      MemorySegment program = place.get(ADDRESS, 0);
      try {
        int result = call("nvrtcCompileProgram", program, options.size(), strings(arena, options));
        if (result != 0) {
          throw NvrtcError.refused(source, result, text(result), log(arena, program));
        }
        MemorySegment size = arena.allocate(JAVA_LONG);
        ok(call("nvrtcGetCUBINSize", program, size), "give machine code");
        MemorySegment cubin = arena.allocate(size.get(JAVA_LONG, 0));
        ok(call("nvrtcGetCUBIN", program, cubin), "give machine code");
        return cubin.toArray(JAVA_BYTE);
      } finally {
        call("nvrtcDestroyProgram", place);
      }
    }
  }

  private String log(Arena arena, MemorySegment program) {
    MemorySegment size = arena.allocate(JAVA_LONG);
    ok(call("nvrtcGetProgramLogSize", program, size), "give its log");
    MemorySegment log = arena.allocate(size.get(JAVA_LONG, 0));
    ok(call("nvrtcGetProgramLog", program, log), "give its log");
    return log.getString(0);
  }

  /** An array of C strings. */
  private static MemorySegment strings(Arena arena, Collection<String> values) {
    MemorySegment array = arena.allocate(ADDRESS, Math.max(1, values.size()));
    int i = 0;
    for (String value : values) {
      array.setAtIndex(ADDRESS, i++, arena.allocateFrom(value));
    }
    return array;
  }

  private MemorySegment symbol(String name) {
    return library.symbols().find(name).orElseThrow(() -> new BackendException(library.where() + " has no " + name
        + ": it is no NVRTC of version 12 or newer. Install one, or set LENTIL_CUDA_PATH to its folder"));
  }

  private int call(String name, Object... arguments) {
    var layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] = arguments[i] instanceof Integer ? JAVA_INT : ADDRESS;
    }
    try {
      return (int) Linker.nativeLinker().downcallHandle(symbol(name), FunctionDescriptor.of(JAVA_INT, layouts))
          .invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(name, e);
    }
  }

  private String text(int result) {
    try {
      MemorySegment text = (MemorySegment) Linker.nativeLinker()
          .downcallHandle(symbol("nvrtcGetErrorString"), FunctionDescriptor.of(ADDRESS, JAVA_INT))
          .invokeWithArguments(result);
      return text.reinterpret(Long.MAX_VALUE).getString(0);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("nvrtcGetErrorString", e);
    }
  }

  private void ok(int result, String what) {
    if (result != 0) {
      check(result, text(result), what);
    }
  }
}
