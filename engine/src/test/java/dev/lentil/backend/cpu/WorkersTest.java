package dev.lentil.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
  /** Longer than a thread without work looks for it. */
  private static final long UNTIL_ASLEEP_NANOS = 5_000_000;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void everyTaskRunsOnceAndNoWorkerRunsTwoAtATime(int count) {
    try (var workers = new Workers(count)) {
      var busy = new AtomicIntegerArray(count);
      for (int round = 0; round < 2000; round++) {
        var runs = new AtomicIntegerArray(round % 7);
        workers.run(runs.length(), (task, worker) -> {
          assertEquals(1, busy.incrementAndGet(worker));
          runs.incrementAndGet(task);
          busy.decrementAndGet(worker);
        });
        for (int task = 0; task < runs.length(); task++) {
          assertEquals(1, runs.get(task));
        }
      }
    }
  }

  /** Two tasks that wait for each other end only if another thread wakes up and takes one. */
  @Test
  void threadsThatSleptTakePart() {
    try (var workers = new Workers(2)) {
      for (int round = 0; round < 20; round++) {
        LockSupport.parkNanos(UNTIL_ASLEEP_NANOS);
        var arrived = new AtomicInteger();
        workers.run(2, (_, _) -> {
          arrived.incrementAndGet();
          while (arrived.get() < 2) {
            Thread.onSpinWait();
          }
        });
      }
    }
  }

  /** A service may open a classifier in the thread of its first request. */
  @Test
  void threadsInheritNothingOfTheOneThatOpensThem() {
    var request = new InheritableThreadLocal<String>();
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    request.set("the first request");
    Thread.currentThread().setContextClassLoader(new ClassLoader(before) {});
    try (var workers = new Workers(2)) {
      ClassLoader own = Thread.currentThread().getContextClassLoader();
      var seen = new AtomicReferenceArray<String>(2);
      var loaders = new AtomicReferenceArray<ClassLoader>(2);
      var arrived = new AtomicInteger();
      workers.run(2, (_, worker) -> {
        seen.set(worker, request.get());
        loaders.set(worker, Thread.currentThread().getContextClassLoader());
        arrived.incrementAndGet();
        while (arrived.get() < 2) {
          Thread.onSpinWait();
        }
      });
      assertEquals("the first request", seen.get(0));
      assertNull(seen.get(1));
      assertNotSame(own, loaders.get(1));
    } finally {
      Thread.currentThread().setContextClassLoader(before);
      request.remove();
    }
  }

  @Test
  void whatATaskThrowsIsThrownWhenAllHaveStopped() {
    try (var workers = new Workers(3)) {
      for (int round = 0; round < 200; round++) {
        int bad = round % 10;
        var running = new AtomicInteger();
        var thrown = assertThrows(IllegalStateException.class, () -> workers.run(10, (task, _) -> {
          running.incrementAndGet();
          try {
            if (task == bad) {
              throw new IllegalStateException("task " + bad);
            }
          } finally {
            running.decrementAndGet();
          }
        }));
        assertEquals("task " + bad, thrown.getMessage());
        assertEquals(0, running.get());
      }
      var after = new AtomicInteger();
      workers.run(10, (_, _) -> after.incrementAndGet());
      assertEquals(10, after.get());
    }
  }

  /** Also if the last task leads to it, as those of an executable do. */
  @Test
  @Timeout(60)
  void threadsOfOneThatIsForgottenEnd() throws InterruptedException {
    Set<Thread> before = threads();
    forget();
    Set<Thread> left = threads();
    left.removeAll(before);
    assertEquals(2, left.size());
    while (left.stream().anyMatch(Thread::isAlive)) {
      System.gc();
      Thread.sleep(10);
    }
  }

  @Test
  @Timeout(60)
  void threadsThatWereStartedEndIfAnotherCannotBe() throws InterruptedException {
    var started = new ArrayList<Thread>();
    var error = assertThrows(OutOfMemoryError.class, () -> new Workers(4, thread -> {
      if (started.size() == 2) {
        throw new OutOfMemoryError("unable to create native thread");
      }
      thread.start();
      started.add(thread);
    }));
    assertEquals("unable to create native thread", error.getMessage());
    for (Thread thread : started) {
      thread.join();
    }
  }

  private static void forget() {
    var workers = new Workers(3);
    var counts = new AtomicIntegerArray(100);
    for (int round = 0; round < 20; round++) {
      workers.run(100, (task, _) -> counts.addAndGet(task, workers.count()));
    }
    assertEquals(60, counts.get(99));
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("lentil-cpu"))
        .collect(Collectors.toSet());
  }

  @Test
  void anInterruptIsLeftForTheCaller() {
    try (var workers = new Workers(2)) {
      var runs = new AtomicInteger();
      Thread.currentThread().interrupt();
      workers.run(100, (_, _) -> runs.incrementAndGet());
      assertTrue(Thread.interrupted());
      assertEquals(100, runs.get());
    }
  }
}
