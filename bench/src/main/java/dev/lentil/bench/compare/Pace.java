package dev.lentil.bench.compare;

/** How thorough a measurement is. */
public enum Pace {
  /** Some minutes for all cases, each in a process of its own. */
  FULL,
  /** Less than a minute for all cases, those of the same work in one process; the peer's training step is measured once. */
  QUICK
}
