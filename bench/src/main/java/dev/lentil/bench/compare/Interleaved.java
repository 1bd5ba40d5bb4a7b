package dev.lentil.bench.compare;

import dev.lentil.bench.Median;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Two things measured in turn, round by round, each first as often as the other, so that a machine that becomes faster or
 * slower does so for both.
 */
final class Interleaved {
  /** Time for the other's threads to fall asleep; those of native libraries wait actively for a while. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final List<Long> ours = new ArrayList<>();
  private final List<Long> theirs = new ArrayList<>();

  /** Runs and measures both. */
  static Interleaved measure(Runnable lentil, Runnable peer, Budget budget) throws InterruptedException {
    var measured = new Interleaved();
    run(lentil, budget.warmUp(), 1, new ArrayList<>());
    if (budget.peerWarmUpRuns() > 0) {
      run(peer, budget.peerWarmUp(), budget.peerWarmUpRuns(), new ArrayList<>());
    }
    for (int round = 0; round < budget.rounds(); round++) {
      if (round % 2 == 0) {
        measured.slice(lentil, measured.ours, budget);
        measured.slice(peer, measured.theirs, budget);
      } else {
        measured.slice(peer, measured.theirs, budget);
        measured.slice(lentil, measured.ours, budget);
      }
    }
    return measured;
  }

  private void slice(Runnable work, List<Long> times, Budget budget) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    run(work, budget.slice(), 1, times);
  }

  private static void run(Runnable work, Duration atLeast, int fewest, List<Long> times) {
    long begin = System.nanoTime();
    for (int i = 0; i < fewest || System.nanoTime() - begin < atLeast.toNanos(); i++) {
      long start = System.nanoTime();
      work.run();
      times.add(System.nanoTime() - start);
    }
  }

  /** The median time of the first in milliseconds. */
  double lentilMillis() {
    return median(ours);
  }

  /** The median time of the second in milliseconds. */
  double peerMillis() {
    return median(theirs);
  }

  int lentilRuns() {
    return ours.size();
  }

  int peerRuns() {
    return theirs.size();
  }

  private static double median(List<Long> nanos) {
    return Median.of(nanos.stream().mapToDouble(Long::doubleValue).toArray()) / TimeUnit.MILLISECONDS.toNanos(1);
  }
}
