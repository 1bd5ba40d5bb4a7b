package dev.lentil.train;

import dev.lentil.backend.Batch;

/**
 * Batches with an action before each.
 *
 * @param before may throw, which ends it
 */
record WatchedBatches(Batches batches, Runnable before) implements Batches {
  @Override
  public boolean hasNext() {
    return batches.hasNext();
  }

  @Override
  public Batch next() {
    before.run();
    return batches.next();
  }

  @Override
  public void close() {
    batches.close();
  }
}
