package dev.lentil.train;

import java.time.Duration;

/**
 * Where and how often a run writes what it needs to continue. It also does so after every epoch and stage.
 *
 * @param everyBatches after this many batches since the last one
 * @param every or when this much time has passed since the last one, whichever comes first
 */
public record Checkpointing(CheckpointFile file, int everyBatches, Duration every) {
  public Checkpointing {
    if (everyBatches < 1 || every.isNegative()) {
      throw new IllegalArgumentException("a checkpoint every " + everyBatches + " batches or " + every
          + " is not possible; use at least 1 batch and a time that is not negative");
    }
  }

  boolean due(int batches, Duration since) {
    return batches >= everyBatches || since.compareTo(every) >= 0;
  }
}
