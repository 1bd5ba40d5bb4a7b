package dev.lentil.backend.cuda.driver;

import static dev.lentil.backend.cuda.driver.CudaError.check;

import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/** Marks in a stream, or in what it records, whose distances the card measures. */
public final class TimeMarks implements AutoCloseable {
  private static final String KIND = "time mark";
  /** CU_EVENT_RECORD_EXTERNAL: a node of the graph, instead of an order among its nodes. */
  private static final int NODE = 1;

  private final List<CUevent> events = new ArrayList<>();
  private final Ledger ledger;

  TimeMarks(int count, Ledger ledger) {
    this.ledger = ledger;
    try {
      for (int i = 0; i < count; i++) {
        CUevent event = new CUevent();
        check(JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DEFAULT), "make a time mark");
        events.add(event);
        ledger.opened(KIND);
      }
    } catch (RuntimeException | Error e) {
      Closing.after(e, this);
      throw e;
    }
  }

  /** Sets a mark after the work given to the stream so far. */
  public void record(int mark, Stream stream) {
    check(JCudaDriver.cuEventRecordWithFlags(events.get(mark), stream.handle(), stream.capturing() ? NODE : 0),
        "set a time mark");
  }

  /** Microseconds from one mark to a later one, when they were last passed; waits for that. */
  public double microseconds(int from, int to) {
    check(JCudaDriver.cuEventSynchronize(events.get(to)), "finish its work");
    float[] milliseconds = new float[1];
    check(JCudaDriver.cuEventElapsedTime(milliseconds, events.get(from), events.get(to)), "measure a time");
    return milliseconds[0] * 1e3;
  }

  @Override
  public void close() {
    try (var owned = new Closing()) {
      events.forEach(event -> owned.add(() -> {
        ledger.closed(KIND);
        check(JCudaDriver.cuEventDestroy(event), "give a time mark back");
      }));
      events.clear();
    }
  }
}
