package dev.lentil.backend.cuda.driver;

import static dev.lentil.backend.cuda.driver.CudaError.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import jcuda.Pointer;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Host memory that the card can read by itself while the host goes on. */
public final class PinnedMemory implements AutoCloseable {
  private static final String KIND = "pinned memory";
  /** The machine's memory is short, and not the card's. */
  private static final String REMEDY =
      "The machine's memory is full, or as much of it locked as may be: use a smaller batch, end other programs, or raise "
          + "the limit (a container's memory, `ulimit -l`)";

  private final Pointer pointer = new Pointer();
  private final ByteBuffer bytes;
  private final RecordingLock lock;
  private final Ledger ledger;
  private boolean open = true;

  PinnedMemory(long size, RecordingLock lock, Ledger ledger) {
    this.lock = lock;
    this.ledger = ledger;
    String what = String.format(Locale.ROOT, "pin %.1f MiB of host memory", size / (double) (1L << 20));
    try (var _ = lock.hold()) {
      int result = JCudaDriver.cuMemAllocHost(pointer, size);
      if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
        throw CudaError.of(result, what, REMEDY);
      }
      check(result, what);
    }
    ledger.opened(KIND);
    bytes = pointer.getByteBuffer(0, size).order(ByteOrder.nativeOrder());
  }

  Pointer pointer() {
    return pointer;
  }

  /** The memory itself; not to be used after {@link #close()}. */
  public ByteBuffer bytes() {
    return bytes;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      ledger.closed(KIND);
      try (var _ = lock.hold()) {
        check(JCudaDriver.cuMemFreeHost(pointer), "give pinned memory back");
      }
    }
  }
}
