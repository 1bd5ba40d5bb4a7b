package dev.lentil.bench.compare;

import java.time.Duration;

/**
 * How long a case is measured.
 *
 * @param warmUp how long Lentil runs before it is measured
 * @param peerWarmUp how long the peer does, if it runs before at all
 * @param peerWarmUpRuns the fewest runs of the peer before it is measured
 * @param slice how long each of the two runs within a round, once at the least
 * @param rounds how often both take their turns
 */
record Budget(Duration warmUp, Duration peerWarmUp, int peerWarmUpRuns, Duration slice, int rounds) {

  /** Of a peer that compiles nothing while it runs, so that a quarter of the warm-up is enough. */
  Budget(Duration warmUp, int peerWarmUpRuns, Duration slice, int rounds) {
    this(warmUp, warmUp.dividedBy(4), peerWarmUpRuns, slice, rounds);
  }

  /** For a peer that is itself compiled while it runs. */
  Budget withEqualWarmUp() {
    return new Budget(warmUp, warmUp, 1, slice, rounds);
  }

  static Budget of(Case.Work work, Pace pace) {
    return switch (work) {
      case INFER -> switch (pace) {
        case FULL -> new Budget(Duration.ofSeconds(5), 3, Duration.ofMillis(500), 20);
        case QUICK -> new Budget(Duration.ofSeconds(1), 1, Duration.ofMillis(150), 3);
      };
      case TRAIN -> switch (pace) {
        case FULL -> new Budget(Duration.ofSeconds(15), 2, Duration.ofSeconds(6), 5);
        // one step of the peer takes seconds, so it is measured once; its first takes twice as long, so that one is not
        case QUICK -> new Budget(Duration.ofSeconds(1), 1, Duration.ofSeconds(1), 1);
      };
    };
  }
}
