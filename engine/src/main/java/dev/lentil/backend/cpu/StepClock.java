package dev.lentil.backend.cpu;

import java.util.Arrays;

/**
 * What each step of a run takes. In a phase in which every thread takes samples of its own through all steps, a step's share is the
 * sum over the threads divided by their number.
 */
final class StepClock {
  /** For runs that nobody times. */
  static final StepClock OFF = new StepClock(0, 0);

  private static final double MICRO = 1e3;

  /** Nanoseconds for each thread, then each step. */
  private final long[][] taken;
  private final double[] microseconds;

  StepClock(int steps, int threads) {
    taken = new long[threads][steps];
    microseconds = new double[steps + 1];
  }

  private boolean off() {
    return this == OFF;
  }

  long now() {
    return off() ? 0 : System.nanoTime();
  }

  /** What comes before the first step, since {@code start}. */
  void prepared(long start) {
    if (!off()) {
      microseconds[0] += (System.nanoTime() - start) / MICRO;
    }
  }

  /** One step of a thread, since {@code start}. */
  void done(int step, int thread, long start) {
    if (!off()) {
      taken[thread][step] += System.nanoTime() - start;
    }
  }

  /** @param threads how many took part in these steps */
  void phaseDone(int from, int to, int threads) {
    if (!off()) {
      for (int step = from; step < to; step++) {
        int at = step;
        microseconds[step + 1] = Arrays.stream(taken).mapToLong(each -> each[at]).sum() / MICRO / threads;
      }
    }
  }

  /** First what comes before the first step, then each step. */
  double[] microseconds() {
    return microseconds;
  }
}
