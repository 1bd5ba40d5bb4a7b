package dev.lentil.plan;

import java.util.List;

/**
 * Steps that run one after the other.
 *
 * @param kind how the samples of a batch hang together, and what of them is kept
 */
public record Phase(Kind kind, List<Step> steps) {

  /**
   * {@code PER_SAMPLE}: no step looks at another sample, so a backend may take each sample through all steps by itself, which
   * keeps its values in a cache. {@code INDEPENDENT}: neither does one here, but parameters are what is large, and there is room
   * for each step to take several samples, or all. {@code BATCH}: each step takes the whole batch.
   */
  public enum Kind { PER_SAMPLE, INDEPENDENT, BATCH }

  public Phase {
    steps = List.copyOf(steps);
  }
}
