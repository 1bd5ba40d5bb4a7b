package dev.lentil.backend.cuda.driver;

import static dev.lentil.backend.cuda.driver.CudaError.check;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/** A mark in a stream that the host and other streams can wait for. */
public final class Event implements AutoCloseable {
  private static final String KIND = "event";

  private final CUevent event = new CUevent();
  private final Ledger ledger;
  private boolean open = true;

  Event(Ledger ledger) {
    this.ledger = ledger;
    check(JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "make an event");
    ledger.opened(KIND);
  }

  CUevent handle() {
    return event;
  }

  /** Marks the work given to the stream so far. */
  public void record(Stream stream) {
    check(JCudaDriver.cuEventRecord(event, stream.handle()), "mark its work");
  }

  /** Waits until the marked work is done; returns at once if nothing was marked. */
  public void synchronize() {
    check(JCudaDriver.cuEventSynchronize(event), "finish its work");
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      ledger.closed(KIND);
      check(JCudaDriver.cuEventDestroy(event), "give an event back");
    }
  }
}
