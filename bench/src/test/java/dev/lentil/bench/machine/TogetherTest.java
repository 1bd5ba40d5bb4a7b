package dev.lentil.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TogetherTest {
  @Test
  void allAreAtWorkAtOnce() {
    var seen = new ConcurrentSkipListSet<Integer>();
    var all = new CountDownLatch(3);
    long nanos = Together.nanos(3, thread -> {
      seen.add(thread);
      all.countDown();
      try {
        // returns only when the others are here too
        all.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
    assertEquals(List.of(0, 1, 2), List.copyOf(seen));
    assertTrue(nanos > 0);
  }
}
