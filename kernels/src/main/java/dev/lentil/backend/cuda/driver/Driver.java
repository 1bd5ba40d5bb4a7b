package dev.lentil.backend.cuda.driver;

import static dev.lentil.backend.cuda.driver.CudaError.check;

import dev.lentil.backend.BackendException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * One card's primary context, which cuBLAS and cuDNN use too, and what is made in it. For one thread at a time; the thread
 * that opened it, or any after {@link #makeCurrent()}.
 */
public final class Driver implements AutoCloseable {
  private final CUdevice device;
  private final CUcontext context;
  private final DeviceInfo info;
  private final RecordingLock lock;
  private final Ledger ledger = new Ledger();
  private boolean open = true;

  private Driver(CUdevice device, CUcontext context, DeviceInfo info) {
    this.device = device;
    this.context = context;
    this.info = info;
    lock = RecordingLock.of(info.index());
  }

  /**
   * Loads the driver's library and JCuda's, without touching a card.
   *
   * @throws BackendException if a library is missing, with the remedy
   */
  public static void load() {
    if (CudaLibraries.load("cuda", 1).isEmpty()) {
      throw new BackendException(
          "no NVIDIA driver: libcuda.so.1 is nowhere to be found. Install the NVIDIA driver; in a "
              + "container, start it with access to the card (--gpus all)");
    }
    try {
      JCudaNatives.load(() -> JCudaDriver.setExceptionsEnabled(false));
    } catch (UnsatisfiedLinkError e) {
      throw new BackendException(
          "JCuda's driver library cannot be loaded (" + firstLine(e) + "): it is made for Linux on "
              + "x86-64 and needs libcuda.so.1 and libstdc++.so.6",
          e);
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** The newest CUDA that the driver supports: 13000 for 13.0. Asks no card. */
  public static int version() {
    load();
    int[] version = new int[1];
    check(JCudaDriver.cuDriverGetVersion(version), "say its version");
    return version[0];
  }

  /** The number of cards. */
  public static int count() {
    load();
    check(JCudaDriver.cuInit(0), "start");
    int[] count = new int[1];
    check(JCudaDriver.cuDeviceGetCount(count), "count the cards");
    return count[0];
  }

  /** What the driver says about a card; makes no context. */
  public static DeviceInfo describe(int index) {
    int count = count();
    if (index < 0 || index >= count) {
      throw new BackendException(
          "there is no card " + index + ": CUDA sees " + count + ", counted from 0. " + CudaError.CHOOSE);
    }
    return describe(index, device(index));
  }

  private static CUdevice device(int index) {
    CUdevice device = new CUdevice();
    check(JCudaDriver.cuDeviceGet(device, index), "find card " + index);
    return device;
  }

  private static DeviceInfo describe(int index, CUdevice device) {
    byte[] name = new byte[256];
    check(JCudaDriver.cuDeviceGetName(name, name.length, device), "name card " + index);
    int length = 0;
    while (length < name.length && name[length] != 0) {
      length++;
    }
    long[] memory = new long[1];
    check(JCudaDriver.cuDeviceTotalMem(memory, device), "measure card " + index);
    return new DeviceInfo(index, new String(name, 0, length, StandardCharsets.UTF_8),
        10 * attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
            + attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
        memory[0], version());
  }

  private static int attribute(CUdevice device, int attribute) {
    int[] value = new int[1];
    check(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "describe a card");
    return value[0];
  }

  /**
   * Opens a card.
   *
   * @throws BackendException if there is none of that number, or it cannot be used
   */
  public static Driver open(int index) {
    DeviceInfo info = describe(index);
    CUdevice device = device(index);
    CUcontext context = new CUcontext();
    check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "open card " + index);
    Driver driver = new Driver(device, context, info);
    try {
      driver.makeCurrent();
      return driver;
    } catch (RuntimeException | Error e) {
      Closing.after(e, driver);
      throw e;
    }
  }

  /**
   * Binds the context to the calling thread.
   *
   * @throws IllegalStateException after {@link #close}
   */
  public void makeCurrent() {
    if (!open) {
      throw new IllegalStateException("the device is closed, and with it all that was made on it; open it again");
    }
    check(JCudaDriver.cuCtxSetCurrent(context), "use the card's context");
  }

  public DeviceInfo info() {
    return info;
  }

  /**
   * Device memory with undefined content.
   *
   * @throws BackendException if there is not so much left
   */
  public DeviceMemory allocate(long bytes) {
    return allocateIfFree(bytes)
        .orElseThrow(() -> CudaError.of(CUresult.CUDA_ERROR_OUT_OF_MEMORY, DeviceMemory.taking(bytes)));
  }

  /** The same with content. What cannot be filled is given back. */
  public DeviceMemory allocate(long bytes, Consumer<DeviceMemory> fill) {
    DeviceMemory memory = allocate(bytes);
    try {
      fill.accept(memory);
      return memory;
    } catch (RuntimeException | Error e) {
      Closing.after(e, memory);
      throw e;
    }
  }

  /** The same for who can do without: empty if there is not so much left. */
  public Optional<DeviceMemory> allocateIfFree(long bytes) {
    return DeviceMemory.take(bytes, lock, ledger);
  }

  /** Bytes of device memory that nobody has taken. */
  public long free() {
    long[] free = new long[1];
    check(JCudaDriver.cuMemGetInfo(free, new long[1]), "measure its free memory");
    return free[0];
  }

  public Stream stream() {
    return new Stream(lock, ledger);
  }

  public Event event() {
    return new Event(ledger);
  }

  public TimeMarks timeMarks(int count) {
    return new TimeMarks(count, ledger);
  }

  public PinnedMemory pinned(long bytes) {
    return new PinnedMemory(bytes, lock, ledger);
  }

  /** Loads compiled kernels. */
  public Kernels kernels(byte[] cubin) {
    return new Kernels(cubin, lock, ledger);
  }

  /** The card's, for calls of its libraries that must not fall into a recording. */
  public RecordingLock lock() {
    return lock;
  }

  /** For what others make on the card. */
  public Ledger ledger() {
    return ledger;
  }

  /** What was made and not yet closed, by kind. */
  public Map<String, Integer> live() {
    return ledger.live();
  }

  /** Gives the context back. What is still open then is a leak, and is named in a log line. */
  @Override
  public void close() {
    if (open) {
      open = false;
      if (!live().isEmpty()) {
        System.getLogger("dev.lentil").log(System.Logger.Level.WARNING,
            "the card was given back before what was made on it: " + live());
      }
      check(JCudaDriver.cuDevicePrimaryCtxRelease(device), "give the card back");
    }
  }
}
