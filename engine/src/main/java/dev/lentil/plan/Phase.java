package dev.lentil.plan;

import java.util.List;

/**
 * Steps that run one after the other.
 *
 * @param kind {@code PER_SAMPLE}: no step looks at another sample, so a backend may take each sample through all steps
 *     by itself, which keeps its activations in cache; {@code BATCH}: each step takes the whole batch
 */
public record Phase(Kind kind, List<Step> steps) {
  /** How the samples of a batch hang together. */
  public enum Kind { PER_SAMPLE, BATCH }

  public Phase {
    steps = List.copyOf(steps);
  }
}
