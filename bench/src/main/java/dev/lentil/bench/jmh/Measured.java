package dev.lentil.bench.jmh;

import dev.lentil.bench.Work;

/** A benchmark whose work is known. Its parameters are its public fields, as JMH has them. */
interface Measured {
  /**
   * What one call does, for the values that the parameters have.
   *
   * @param method the benchmark's method
   */
  Work work(String method);

  /** How many threads take part in a call. */
  int threads();
}
