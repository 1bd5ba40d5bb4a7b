package dev.lentil.backend.cuda.driver;

import static dev.lentil.backend.cuda.driver.CudaError.check;

import jcuda.driver.CUgraph;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** Work in order; in order, too, with the copies of {@link DeviceMemory} that name no stream. */
public final class Stream implements AutoCloseable {
  private static final String KIND = "stream";

  /** JCuda keeps the address to its own classes and their children. */
  private static final class Handle extends CUstream {
    long value() {
      return getNativePointer();
    }
  }

  private final Handle handle = new Handle();
  private final RecordingLock lock;
  private final Ledger ledger;
  private boolean open = true;
  private boolean capturing;

  Stream(RecordingLock lock, Ledger ledger) {
    this.lock = lock;
    this.ledger = ledger;
    check(JCudaDriver.cuStreamCreate(handle, CUstream_flags.CU_STREAM_DEFAULT), "make a stream");
    ledger.opened(KIND);
  }

  /** For JCuda's own calls. */
  public CUstream handle() {
    return handle;
  }

  /** For calls through the Foreign Function and Memory API. */
  public long address() {
    return handle.value();
  }

  /** Lets the work that is given from now on wait until the work that an event marks is done, in whatever stream. */
  public void await(Event event) {
    check(JCudaDriver.cuStreamWaitEvent(handle, event.handle(), 0), "wait for an event");
  }

  /** Waits until all work is done. */
  public void synchronize() {
    check(JCudaDriver.cuStreamSynchronize(handle), "finish its work");
  }

  /** Whether what it is given is recorded now, and not run. */
  boolean capturing() {
    return capturing;
  }

  /**
   * Records what {@code work} gives to this stream, instead of running it.
   *
   * <p>Kernels and libraries must have run once before: what they load at their first use cannot be recorded. Other threads
   * that want something of the card that cannot go on beside a recording ({@link RecordingLock}) wait for its end.
   */
  public Graph capture(Runnable work) {
    try (var _ = lock.hold()) {
      return record(work);
    }
  }

  private Graph record(Runnable work) {
    check(JCudaDriver.cuStreamBeginCapture(handle, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        "record a graph");
    CUgraph graph = new CUgraph();
    capturing = true;
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      // The stream must not stay in capture, and the first error is the one that counts.
      if (JCudaDriver.cuStreamEndCapture(handle, graph) == 0) {
        JCudaDriver.cuGraphDestroy(graph);
      }
      throw e;
    } finally {
      capturing = false;
    }
    check(JCudaDriver.cuStreamEndCapture(handle, graph), "record a graph");
    return new Graph(graph, ledger);
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      ledger.closed(KIND);
      check(JCudaDriver.cuStreamDestroy(handle), "give a stream back");
    }
  }
}
