package dev.lentil.backend.cuda.blas;

import static dev.lentil.backend.cuda.blas.BlasError.check;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.lentil.backend.BackendException;
import dev.lentil.backend.cuda.driver.Closing;
import dev.lentil.backend.cuda.driver.CudaLibraries.Found;
import dev.lentil.backend.cuda.driver.DeviceMemory;
import dev.lentil.backend.cuda.driver.Driver;
import dev.lentil.backend.cuda.driver.Ledger;
import dev.lentil.backend.cuda.driver.RecordingLock;
import dev.lentil.backend.cuda.driver.Stream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** cuBLAS of any version through the Foreign Function and Memory API: the seven calls of cublas_v2.h that Lentil makes. */
final class NativeCublas implements Blas {
  /** All of them, by the names that the library exports. */
  static final List<String> CALLS = List.of("cublasCreate_v2", "cublasDestroy_v2", "cublasGetVersion_v2",
      "cublasSetStream_v2", "cublasSetWorkspace_v2", "cublasSetMathMode", "cublasGemmEx");

  /** cublasGemmAlgo_t CUBLAS_GEMM_DEFAULT. */
  private static final int DEFAULT_ALGORITHM = -1;

  private final Found library;
  private final Arithmetic arithmetic;
  private final RecordingLock lock;
  private final Ledger ledger;
  private final Arena arena = Arena.ofAuto();
  private final MemorySegment handle;
  private final MemorySegment one = arena.allocateFrom(JAVA_FLOAT, 1);
  private final MemorySegment zero = arena.allocateFrom(JAVA_FLOAT, 0);
  private final MethodHandle gemmEx;
  private boolean open = true;

  NativeCublas(Found library, Driver driver, Stream stream, DeviceMemory workspace, Arithmetic arithmetic) {
    this.library = library;
    this.arithmetic = arithmetic;
    lock = driver.lock();
    ledger = driver.ledger();
    gemmEx = function("cublasGemmEx", ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS,
        JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    MemorySegment place = arena.allocate(ADDRESS);
    try (var _ = lock.hold()) {
      check(call("cublasCreate_v2", place), "start");
    }
    handle = place.get(ADDRESS, 0);
    ledger.opened(KIND);
    try (var _ = lock.hold()) {
      check(call("cublasSetStream_v2", handle, MemorySegment.ofAddress(stream.address())), "use a stream");
      // After the stream: setting a stream puts the default workspace back.
      check(call("cublasSetWorkspace_v2", handle, MemorySegment.ofAddress(workspace.address()), workspace.bytes()),
          "use a workspace");
      check(call("cublasSetMathMode", handle, arithmetic.mathMode()), "choose its arithmetic");
    } catch (RuntimeException | Error e) {
      Closing.after(e, this);
      throw e;
    }
  }

  private MethodHandle function(String name, MemoryLayout... arguments) {
    MemorySegment symbol = library.symbols().find(name)
        .orElseThrow(() -> new BackendException(library.where() + " has no " + name
            + ": it is no cuBLAS of version 12 or newer. Install one, or set LENTIL_CUDA_PATH to its folder"));
    return Linker.nativeLinker().downcallHandle(symbol, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /** A call that is made seldom. */
  private int call(String name, Object... arguments) {
    var layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] = switch (arguments[i]) {
        case Long _ -> JAVA_LONG;
        case Integer _ -> JAVA_INT;
        default -> ADDRESS;
      };
    }
    MethodHandle function = function(name, layouts);
    try {
      return (int) function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new AssertionError(name, e);
    }
  }

  @Override
  public String describe() {
    MemorySegment version = arena.allocate(JAVA_INT);
    check(call("cublasGetVersion_v2", handle, version), "say its version");
    return "cuBLAS " + version.get(JAVA_INT, 0);
  }

  @Override
  public void multiply(Product p) {
    Matrix a = p.a();
    Matrix b = p.b();
    Matrix c = p.c();
    // Typed, since a conditional expression as an argument of invokeExact would count as an Object.
    MemorySegment beta = p.store() == Product.Store.ADD ? one : zero;
    int status;
    try {
      status =
          (int) gemmEx.invokeExact(handle, p.formOfB().code(), p.formOfA().code(), c.columns(), c.rows(), p.inner(),
              one, MemorySegment.ofAddress(b.address()), b.type().code(), b.stride(),
              MemorySegment.ofAddress(a.address()), a.type().code(), a.stride(),
              beta, MemorySegment.ofAddress(c.address()), c.type().code(),
              c.stride(), arithmetic.computeType(), DEFAULT_ALGORITHM);
    } catch (Throwable e) {
      throw new AssertionError("cublasGemmEx", e);
    }
    check(status, "multiply " + a + " and " + b);
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      ledger.closed(KIND);
      try (var _ = lock.hold()) {
        check(call("cublasDestroy_v2", handle), "stop");
      }
    }
  }
}
