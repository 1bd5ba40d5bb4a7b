package dev.lentil.plan;

import java.util.List;

/**
 * Steps that run one after the other.
 *
 * @param kind how the samples of a batch may be taken through them
 */
public record Phase(Kind kind, List<Step> steps) {

  /** Whether a step of the phase looks at one sample or at the batch, and what is worth keeping in a cache meanwhile. */
  public enum Kind {
    /** No step looks at another sample. A backend may take each sample through all steps separately, which keeps its values in a cache. */
    PER_SAMPLE,
    /**
     * No step looks at another sample either, but the parameters are larger than the values. A backend may take several or all
     * samples through each step, which reads the parameters only once for them. There is memory for that.
     */
    INDEPENDENT,
    /** Each step takes the whole batch. */
    BATCH
  }

  public Phase {
    steps = List.copyOf(steps);
  }
}
