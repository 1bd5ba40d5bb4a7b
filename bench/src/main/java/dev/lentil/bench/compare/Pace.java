package dev.lentil.bench.compare;

/** How thorough a measurement is. */
public enum Pace {
  /** Some minutes for all cases. */
  FULL,
  /** Less than a minute for all cases; the peer's training step is measured once. */
  QUICK
}
