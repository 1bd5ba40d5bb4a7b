package dev.lentil.backend.cuda.driver;

import static dev.lentil.backend.cuda.driver.CudaError.check;

import java.util.Locale;
import java.util.Optional;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** A piece of device memory. Copies here wait for all work on the device that was given before. */
public final class DeviceMemory implements AutoCloseable {
  private static final String KIND = "device memory";

  /** JCuda keeps the address to its own classes and their children. */
  private static final class Address extends CUdeviceptr {
    long value() {
      return getNativePointer();
    }
  }

  private final Address base;
  private final long bytes;
  private final RecordingLock lock;
  private final Ledger ledger;
  private boolean open = true;

  private DeviceMemory(Address base, long bytes, RecordingLock lock, Ledger ledger) {
    this.base = base;
    this.bytes = bytes;
    this.lock = lock;
    this.ledger = ledger;
    ledger.opened(KIND);
  }

  /** @return empty if there is not so much left */
  static Optional<DeviceMemory> take(long bytes, RecordingLock lock, Ledger ledger) {
    Address base = new Address();
    try (var _ = lock.hold()) {
      int result = JCudaDriver.cuMemAlloc(base, bytes);
      if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
        return Optional.empty();
      }
      check(result, taking(bytes));
    }
    return Optional.of(new DeviceMemory(base, bytes, lock, ledger));
  }

  /** What was attempted, for the exception. */
  static String taking(long bytes) {
    return String.format(Locale.ROOT, "take %.3f GiB of device memory", bytes / (double) (1L << 30));
  }

  /**
   * The address of the first byte, a multiple of 256.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public long address() {
    requireOpen();
    return base.value();
  }

  public long bytes() {
    return bytes;
  }

  /** Copies to the device, {@code length} bytes of a Java array. */
  public void upload(long offset, float[] values) {
    upload(offset, Pointer.to(values), 4L * values.length);
  }

  public void upload(long offset, double[] values) {
    upload(offset, Pointer.to(values), 8L * values.length);
  }

  private void upload(long offset, Pointer from, long length) {
    requireInside(offset, length);
    try (var _ = lock.hold()) {
      check(JCudaDriver.cuMemcpyHtoD(base.withByteOffset(offset), from, length), "copy to the card");
    }
  }

  /** Copies from pinned memory in the order of a stream; the host may go on at once, but not change the source. */
  public void upload(long offset, PinnedMemory from, long length, Stream stream) {
    requireInside(offset, length);
    check(JCudaDriver.cuMemcpyHtoDAsync(base.withByteOffset(offset), from.pointer(), length, stream.handle()),
        "copy to the card");
  }

  /** Copies from other memory of the device, in the order of a stream. */
  public void copy(long offset, DeviceMemory from, long length, Stream stream) {
    requireInside(offset, length);
    from.requireInside(0, length);
    check(JCudaDriver.cuMemcpyDtoDAsync(base.withByteOffset(offset), from.base, length, stream.handle()),
        "copy on the card");
  }

  public void download(long offset, float[] values) {
    download(offset, Pointer.to(values), 4L * values.length);
  }

  public void download(long offset, double[] values) {
    download(offset, Pointer.to(values), 8L * values.length);
  }

  public void download(long offset, byte[] values) {
    download(offset, Pointer.to(values), values.length);
  }

  private void download(long offset, Pointer to, long length) {
    requireInside(offset, length);
    try (var _ = lock.hold()) {
      check(JCudaDriver.cuMemcpyDtoH(to, base.withByteOffset(offset), length), "copy from the card");
    }
  }

  /** Copies to pinned memory in the order of a stream; the host may go on at once, but not look yet. */
  public void download(long offset, PinnedMemory to, long length, Stream stream) {
    requireInside(offset, length);
    check(JCudaDriver.cuMemcpyDtoHAsync(to.pointer(), base.withByteOffset(offset), length, stream.handle()),
        "copy from the card");
  }

  public void clear(long offset, long length) {
    requireInside(offset, length);
    try (var _ = lock.hold()) {
      check(JCudaDriver.cuMemsetD8(base.withByteOffset(offset), (byte) 0, length), "clear device memory");
    }
  }

  /** What was given back may be somebody else's by now. */
  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("this device memory was given back");
    }
  }

  private void requireInside(long offset, long length) {
    requireOpen();
    if (offset < 0 || length < 0 || offset + length > bytes) {
      throw new IndexOutOfBoundsException(length + " bytes at " + offset + " of " + bytes);
    }
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      ledger.closed(KIND);
      try (var _ = lock.hold()) {
        check(JCudaDriver.cuMemFree(base), "give device memory back");
      }
    }
  }
}
