package dev.lentil.backend.cpu;

import java.util.List;

/**
 * An array or two made of parameters: a kernel folded and packed, or turned for the way back. The bank keeps one for all executables that ask
 * for the same ({@link CpuParameters#derived}), so that it is in memory once.
 */
abstract class Derived {
  private final CpuParameters parameters;
  private final List<String> sources;
  private long stamp = -1;

  /** @param sources the parameters that it is made of */
  Derived(CpuParameters parameters, List<String> sources) {
    this.parameters = parameters;
    this.sources = sources;
  }

  /** Makes it again if a parameter has changed. Of executables that begin at once, one does and the others wait. */
  final synchronized void refresh() {
    long newest = sources.stream().mapToLong(parameters::stamp).max().orElseThrow();
    if (newest != stamp) {
      make(parameters.values());
      stamp = newest;
    }
  }

  /** @param values all parameters */
  abstract void make(float[] values);
}
