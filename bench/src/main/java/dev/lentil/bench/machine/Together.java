package dev.lentil.bench.machine;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.IntConsumer;

/** The same work on several threads that start it at the same moment. */
public final class Together {
  private Together() {}

  /** The time from the common start until the last thread is done, in nanoseconds. */
  public static long nanos(int threads, IntConsumer work) {
    if (threads == 1) {
      long start = System.nanoTime();
      work.accept(0);
      return System.nanoTime() - start;
    }
    var start = new long[1];
    var end = new long[1];
    var begin = new CyclicBarrier(threads, () -> start[0] = System.nanoTime());
    var finish = new CyclicBarrier(threads, () -> end[0] = System.nanoTime());
    var others = new Thread[threads - 1];
    for (int i = 0; i < others.length; i++) {
      int number = i + 1;
      others[i] = Thread.ofPlatform().daemon().start(() -> run(number, begin, work, finish));
    }
    run(0, begin, work, finish);
    return end[0] - start[0];
  }

  private static void run(int number, CyclicBarrier begin, IntConsumer work, CyclicBarrier finish) {
    try {
      begin.await();
      work.accept(number);
      finish.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException("a measurement was interrupted", e);
    }
  }
}
