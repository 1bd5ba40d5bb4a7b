package dev.lentil.backend.cuda.blas;

import static dev.lentil.backend.cuda.blas.BlasError.check;

import dev.lentil.backend.cuda.driver.Closing;
import dev.lentil.backend.cuda.driver.DeviceMemory;
import dev.lentil.backend.cuda.driver.DevicePointer;
import dev.lentil.backend.cuda.driver.Driver;
import dev.lentil.backend.cuda.driver.Ledger;
import dev.lentil.backend.cuda.driver.RecordingLock;
import dev.lentil.backend.cuda.driver.Stream;
import jcuda.Pointer;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasHandle;
import jcuda.runtime.cudaStream_t;

/** cuBLAS 12 through JCublas. */
final class JCublas implements Blas {
  /** cublasGemmAlgo_t CUBLAS_GEMM_DEFAULT. */
  private static final int DEFAULT_ALGORITHM = -1;

  /**
   * JCublas calls the older form of cublasGemmEx, which takes a cudaDataType for the arithmetic (CUDA_R_32F) and asks the
   * math mode for the rest.
   */
  private static final int SUMS_IN_FLOAT32 = 0;

  private static final Pointer ONE = Pointer.to(new float[] {1});

  private final RecordingLock lock;
  private final Ledger ledger;
  private final cublasHandle handle = new cublasHandle();
  private boolean open = true;

  JCublas(Driver driver, Stream stream, DeviceMemory workspace, Arithmetic arithmetic) {
    lock = driver.lock();
    ledger = driver.ledger();
    try (var _ = lock.hold()) {
      check(JCublas2.cublasCreate(handle), "start");
    }
    ledger.opened(KIND);
    try (var _ = lock.hold()) {
      check(JCublas2.cublasSetStream(handle, new cudaStream_t(stream.handle())), "use a stream");
      // After the stream: setting a stream puts the default workspace back.
      check(JCublas2.cublasSetWorkspace(handle, new DevicePointer(workspace.address()), workspace.bytes()),
          "use a workspace");
      check(JCublas2.cublasSetMathMode(handle, arithmetic.mathMode()), "choose its arithmetic");
    } catch (RuntimeException | Error e) {
      Closing.after(e, this);
      throw e;
    }
  }

  @Override
  public String describe() {
    int[] version = new int[1];
    check(JCublas2.cublasGetVersion(handle, version), "say its version");
    return "cuBLAS " + version[0] + "";
  }

  @Override
  public void multiply(Product p) {
    Matrix a = p.a();
    Matrix b = p.b();
    Matrix c = p.c();
    check(JCublas2.cublasGemmEx(handle, p.formOfB().code(), p.formOfA().code(), c.columns(), c.rows(), p.inner(), ONE,
        new DevicePointer(b.address()), b.type().code(), b.stride(), new DevicePointer(a.address()), a.type().code(),
        a.stride(),
        Pointer.to(new float[] {p.store().beta()}), new DevicePointer(c.address()), c.type().code(), c.stride(),
        SUMS_IN_FLOAT32, DEFAULT_ALGORITHM), "multiply " + a + " and " + b);
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      ledger.closed(KIND);
      try (var _ = lock.hold()) {
        check(JCublas2.cublasDestroy(handle), "stop");
      }
    }
  }
}
